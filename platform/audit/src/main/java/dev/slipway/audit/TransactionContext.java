package dev.slipway.audit;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Knows something of the code that opens a transaction, and takes part in it. Asked on the thread that opens it; most
/// of them know nothing most of the time.
public interface TransactionContext {
    /// Why the transaction happens.
    default Optional<Cause> cause() {
        return Optional.empty();
    }

    /// The last word before the commit; an exception takes everything back.
    default void beforeCommit(Handle tx) {}
}
