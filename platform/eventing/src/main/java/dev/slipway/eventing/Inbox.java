package dev.slipway.eventing;

import dev.slipway.events.Catalogue;
import dev.slipway.events.Event;
import dev.slipway.events.EventCodec;
import dev.slipway.events.UnreadableEvent;
import dev.slipway.telemetry.Traces;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/// The way an event enters a service: the consumer stores it, unique by source and id, and commits; nothing else.
final class Inbox {
    /// Source of what is no event.
    static final String UNREADABLE = "unreadable";
    private static final String INSERT = """
            insert into inbox (source, event_id, topic, "partition", "offset", key, type, value, received_at,
                               state, next_attempt_at, reason, traceparent)
            values (:source, :id, :topic, :partition, :offset, :key, :type, :value, :now, :state, :now, :reason,
                    cast(:traceparent as text))
            on conflict (source, event_id) do nothing""";

    private final Clock clock;
    private final String service;

    Inbox(Clock clock, String service) {
        this.clock = clock;
        this.service = service;
    }

    /// The topics that carry something this service acts on.
    Set<String> topics() {
        return Catalogue.entries().stream()
                .filter(entry -> entry.consumers().contains(service))
                .map(Catalogue.Entry::topic)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Stores records in their order, all in one round trip. What the service does not act on is skipped; what is no
    /// event becomes a dead letter at once, so that nobody has to wonder where it went.
    void store(Handle tx, Iterable<ConsumerRecord<String, byte[]>> records) {
        PreparedBatch rows = tx.prepareBatch(INSERT);
        Instant now = clock.instant();
        records.forEach(record -> add(rows, record, now));
        if (rows.size() > 0) {
            rows.execute();
        }
    }

    private void add(PreparedBatch rows, ConsumerRecord<String, byte[]> record, Instant now) {
        String place = record.topic() + "-" + record.partition() + "-" + record.offset();
        if (record.value() == null) {
            add(rows, record, now, UNREADABLE, place, "", "the record has no value (a tombstone)");
            return;
        }
        Optional<Event<?>> event;
        try {
            event = EventCodec.read(record.value());
        } catch (UnreadableEvent e) {
            add(rows, record, now, UNREADABLE, place, "", e.getMessage());
            return;
        }
        event.ifPresent(known -> {
            Catalogue.Entry entry = Catalogue.of(known.data().getClass());
            if (entry.consumers().contains(service)) {
                add(rows, record, now, known.source(), known.id().toString(), entry.type(), null);
            }
        });
    }

    private static void add(
            PreparedBatch rows,
            ConsumerRecord<String, byte[]> record,
            Instant now,
            String source,
            String id,
            String type,
            @Nullable String fault) {
        rows.bind("source", source)
                .bind("id", id)
                .bind("topic", record.topic())
                .bind("partition", record.partition())
                .bind("offset", record.offset())
                // A record that is no event may hold nobody's key.
                .bind("key", fault == null && record.key() != null ? record.key() : id)
                .bind("type", type)
                .bind("value", record.value())
                .bind("now", now)
                .bind("state", fault == null ? "pending" : "dead")
                .bind("reason", fault)
                .bind("traceparent", traceparent(record))
                .add();
    }

    /// What is no trace context is ignored: it says nothing about the event.
    private static @Nullable String traceparent(ConsumerRecord<String, byte[]> record) {
        Header header = record.headers().lastHeader(Traces.HEADER);
        return header == null || header.value() == null
                ? null
                : Traces.valid(new String(header.value(), StandardCharsets.UTF_8));
    }
}
