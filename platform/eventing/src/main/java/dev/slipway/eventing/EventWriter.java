package dev.slipway.eventing;

import dev.slipway.events.Catalogue;
import dev.slipway.events.Event;
import dev.slipway.events.EventData;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Makes a new event of this service and puts it into the outbox.
@Singleton
public final class EventWriter {
    private final Outbox outbox;
    private final Clock clock;
    private final String source;

    /// @param service the service's name in the catalogue
    public EventWriter(Outbox outbox, Clock clock, @ConfigProperty(name = "slipway.service") String service) {
        this.outbox = outbox;
        this.clock = clock;
        this.source = Catalogue.SOURCE + service;
    }

    /// @param key what keeps its order, see [Outbox#write]
    /// @param subject id of the thing the event is about
    /// @param chainId the candidate's id
    public <D extends EventData> Event<D> write(Handle tx, String key, String subject, UUID chainId, D data) {
        Event<D> event = event(subject, chainId, data);
        outbox.write(tx, key, event);
        return event;
    }

    /// What is to be said, see [#write]. @param traceparent the trace it belongs to, see [Traces#current]
    public record Draft(
            String key,
            String subject,
            UUID chainId,
            EventData data,
            @Nullable String traceparent) {}

    /// Makes events in the order given and puts all of them into the outbox at once.
    public void writeAll(Handle tx, List<Draft> drafts) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        outbox.writeAll(
                tx,
                drafts.stream()
                        .map(draft -> new Outbox.Keyed(
                                draft.key,
                                new Event<>(Ids.next(clock), source, draft.subject, now, draft.chainId, draft.data),
                                draft.traceparent))
                        .toList());
    }

    /// Takes a key off a compacted topic, see [Outbox#forget].
    public <D extends EventData> void forget(Handle tx, String key, String subject, UUID chainId, D last) {
        outbox.forget(tx, key, event(subject, chainId, last));
    }

    private <D extends EventData> Event<D> event(String subject, UUID chainId, D data) {
        return new Event<>(
                Ids.next(clock), source, subject, clock.instant().truncatedTo(ChronoUnit.MICROS), chainId, data);
    }
}
