package dev.slipway.eventing;

import dev.slipway.events.Catalogue;
import dev.slipway.telemetry.Traces;
import io.micrometer.core.instrument.Metrics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/// The way an event enters a service: the consumer stores it, unique by source and id, and commits; nothing else.
final class Inbox {
    private static final Logger LOG = Logger.getLogger(Inbox.class);

    /// Events that passed by: `topic`, and `why` as [Arrival.Why] has it.
    static final String PASSED = "slipway.inbox.passed";

    /// Fields that were ignored: `type` of the catalogue.
    static final String UNKNOWN_FIELDS = "slipway.inbox.unknown.fields";

    /// Source of what is no event.
    static final String UNREADABLE = "unreadable";

    private static final int KEPT_OF_TOO_LARGE = 10_000;
    private static final String INSERT = """
            insert into inbox (source, event_id, topic, "partition", "offset", key, type, chain_id, value, received_at,
                               state, next_attempt_at, reason, traceparent)
            values (:source, :id, :topic, :partition, :offset, :key, :type, cast(:chain as uuid), :value, :now,
                    :state, :now, :reason, cast(:traceparent as text))
            on conflict (source, event_id) do nothing""";

    private final Clock clock;
    private final String service;
    private final Door door;

    Inbox(Clock clock, String service) {
        this.clock = clock;
        this.service = service;
        this.door = new Door(service);
    }

    /// The topics that carry something this service acts on.
    Set<String> topics() {
        return Catalogue.entries().stream()
                .filter(entry -> entry.consumers().contains(service))
                .map(Catalogue.Entry::topic)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Stores records in their order, all in one round trip. What the service does not act on is counted and skipped;
    /// what is no event it may act on becomes a dead letter at once, so that nobody has to wonder where it went.
    void store(Handle tx, Iterable<ConsumerRecord<String, byte[]>> records) {
        PreparedBatch rows = tx.prepareBatch(INSERT);
        Instant now = clock.instant();
        records.forEach(record -> add(rows, record, now));
        if (rows.size() > 0) {
            rows.execute();
        }
    }

    private void add(PreparedBatch rows, ConsumerRecord<String, byte[]> record, Instant now) {
        switch (door.look(record)) {
            case Arrival.Ours ours -> {
                unknownFields(ours);
                bind(rows, record, now)
                        .bind("source", ours.event().source())
                        .bind("id", ours.event().id().toString())
                        .bind("key", record.key())
                        .bind("type", ours.type())
                        .bind("chain", ours.event().chainId().toString())
                        .bind("value", record.value())
                        .bind("state", "pending")
                        .bind("reason", (String) null)
                        .add();
            }
            case Arrival.Passing(Arrival.Why why) ->
                Metrics.counter(PASSED, "topic", record.topic(), "why", why.label())
                        .increment();
            case Arrival.Poison(String fault) -> poison(rows, record, now, PlainText.line(fault));
        }
    }

    /// Its own place on the topic is its id and its key: it may be known as nobody else, and hold nobody's key.
    private static void poison(PreparedBatch rows, ConsumerRecord<String, byte[]> record, Instant now, String fault) {
        String place = record.topic() + "-" + record.partition() + "-" + record.offset();
        LOG.warnf("dead letter place=%s reason=%s", place, fault);
        bind(rows, record, now)
                .bind("source", UNREADABLE)
                .bind("id", place)
                .bind("key", place)
                .bind("type", "")
                .bind("chain", (String) null)
                .bind("value", kept(record.value()))
                .bind("state", "dead")
                .bind("reason", fault)
                .add();
    }

    private static PreparedBatch bind(PreparedBatch rows, ConsumerRecord<String, byte[]> record, Instant now) {
        return rows.bind("topic", record.topic())
                .bind("partition", record.partition())
                .bind("offset", record.offset())
                .bind("now", now)
                .bind("traceparent", traceparent(record));
    }

    /// Enough to see what it was.
    private static byte @Nullable [] kept(byte @Nullable [] value) {
        return value == null || value.length <= Door.LARGEST_VALUE ? value : Arrays.copyOf(value, KEPT_OF_TOO_LARGE);
    }

    private static void unknownFields(Arrival.Ours ours) {
        if (ours.unknownFields() > 0) {
            Metrics.counter(UNKNOWN_FIELDS, "type", ours.type()).increment(ours.unknownFields());
        }
    }

    /// What is no trace context is ignored: it says nothing about the event.
    private static @Nullable String traceparent(ConsumerRecord<String, byte[]> record) {
        Header header = record.headers().lastHeader(Traces.HEADER);
        return header == null || header.value() == null
                ? null
                : Traces.valid(new String(header.value(), StandardCharsets.UTF_8));
    }
}
