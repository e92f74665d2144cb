package dev.slipway.eventing;

import dev.slipway.events.Event;
import dev.slipway.events.EventData;
import org.jdbi.v3.core.Handle;

/// What a service does about one kind of event.
///
/// Called by the inbox worker inside the transaction that also marks the event as done: everything the handler writes
/// with `tx` (state, outbox rows, due work) becomes visible together with that mark, or not at all. A handler therefore
/// only writes to the database; outside effects belong into a [WorkHandler].
///
/// A handler throws [PermanentFailure] when trying again cannot help; anything else it throws is tried again.
public interface EventHandler<D extends EventData> {
    /// The event's record, one of the catalogue's.
    Class<D> type();

    void handle(Handle tx, Event<D> event);
}
