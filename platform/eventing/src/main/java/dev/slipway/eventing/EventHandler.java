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
/// Late, repeated and foreign events are no failures: they are [Handled.Ignored] or [Handled.Refused]. A handler may be
/// called again for the same event after its writes were taken back.
///
/// A handler throws [PermanentFailure] when trying again cannot help; anything else it throws is tried again.
public interface EventHandler<D extends EventData> {
    /// The event's record, one of the catalogue's.
    Class<D> type();

    /// @return what became of it, with the reason when nothing did
    Handled handle(Handle tx, Event<D> event);
}
