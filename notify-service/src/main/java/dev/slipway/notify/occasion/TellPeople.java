package dev.slipway.notify.occasion;

import dev.slipway.eventing.Handled;
import dev.slipway.events.NoticeRequested;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Tells the people concerned of an occasion. Nothing leaves within the transaction: messages are written and made due.
public interface TellPeople {
    /// An occasion that comes again is not told again; a request that comes again gets its answer again.
    Handled of(Handle tx, Occasion occasion);

    /// Answers a request for a situation that does not exist.
    Handled cannot(Handle tx, UUID chainId, NoticeRequested request);
}
