package dev.slipway.eventing;

import java.time.Instant;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/// How a piece of work ended. What it leaves in the database is written in the transaction that also ends the claim; if
/// somebody else holds the claim by then, none of it is.
public sealed interface WorkResult {
    Consumer<Handle> effect();

    /// The work is over, unless it was scheduled again while it ran.
    record Done(Consumer<Handle> effect) implements WorkResult {}

    /// The work goes on at a later time, or earlier when it was scheduled while it ran.
    record Again(Instant at, Consumer<Handle> effect) implements WorkResult {}

    static WorkResult done(Consumer<Handle> effect) {
        return new Done(effect);
    }

    static WorkResult again(Instant at, Consumer<Handle> effect) {
        return new Again(at, effect);
    }
}
