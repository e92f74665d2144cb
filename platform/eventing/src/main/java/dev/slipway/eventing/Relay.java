package dev.slipway.eventing;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.slipway.events.Catalogue;
import dev.slipway.events.Event;
import dev.slipway.events.EventCodec;
import dev.slipway.events.EventData;
import dev.slipway.telemetry.Traces;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Publishes the outbox. One relay at a time per database (an advisory lock), because two could turn the order of a
/// key's events around. It selects what is unpublished, never "id greater than the last": an identity column is not the
/// order of commits.
///
/// The lock belongs to the transaction of one batch, not to a session: a process that is frozen in the middle of one
/// loses it when PostgreSQL ends its idle transaction, and another replica goes on. What the frozen one still sends
/// when
/// it wakes up repeats, in the same order, what the other has published from the same row on; so does a kill between
/// the
/// broker's answer and the mark. Consumers know events by their id.
final class Relay {
    /// Any constant will do as long as every replica uses the same.
    private static final long LOCK = 0x51_1b_3a_9dL;

    static final String UNPUBLISHED = "select * from outbox where published_at is null order by seq limit :batch";
    private static final int BATCH = 500;
    private static final long ANSWER_SECONDS = 30;

    private final Producer<String, byte[]> producer;
    private final Clock clock;

    Relay(Producer<String, byte[]> producer, Clock clock) {
        this.producer = producer;
        this.clock = clock;
    }

    /// Publishes what is unpublished, oldest first, up to one batch.
    ///
    /// @return how many; none also while another replica publishes
    /// @throws TemporaryFailure when the broker did not take all of them in time; those it took are sent again
    int publish(Jdbi jdbi) {
        return jdbi.inTransaction(tx -> lock(tx) ? publish(tx) : 0);
    }

    private static boolean lock(Handle tx) {
        return tx.createQuery("select pg_try_advisory_xact_lock(:lock)")
                .bind("lock", LOCK)
                .mapTo(Boolean.class)
                .one();
    }

    private int publish(Handle tx) {
        List<Row> rows = tx.createQuery(UNPUBLISHED)
                .bind("batch", BATCH)
                .map((rs, _) -> Row.of(rs))
                .list();
        if (rows.isEmpty()) {
            return 0;
        }
        send(rows).forEach(Relay::await);
        tx.createUpdate("update outbox set published_at = :now where seq = any(:rows)")
                .bind("now", clock.instant())
                .bindArray("rows", Long.class, rows.stream().map(Row::seq).toArray())
                .execute();
        return rows.size();
    }

    private List<Future<?>> send(List<Row> rows) {
        List<Future<?>> answers = new ArrayList<>(rows.size());
        for (Row row : rows) {
            Future<?> answer = producer.send(row.record());
            answers.add(answer);
            if (answer.state() == Future.State.FAILED) {
                // The broker is not there: each further one would wait as long for the same answer.
                return answers;
            }
        }
        producer.flush();
        return answers;
    }

    private static void await(Future<?> answer) {
        try {
            answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TemporaryFailure("interrupted while publishing", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new TemporaryFailure("the broker did not take an event: " + e.getMessage(), e);
        }
    }

    /// @param event absent from a row that takes its key off the topic
    private record Row(
            long seq,
            String topic,
            String key,
            @Nullable Event<?> event,
            @Nullable String traceparent) {
        static Row of(ResultSet rs) throws SQLException {
            String data = rs.getString("data");
            return new Row(
                    rs.getLong("seq"),
                    rs.getString("topic"),
                    rs.getString("key"),
                    data == null ? null : event(rs, data),
                    rs.getString("traceparent"));
        }

        private static Event<?> event(ResultSet rs, String data) throws SQLException {
            Catalogue.Entry entry = Catalogue.ofType(rs.getString("type")).orElseThrow();
            return new Event<>(
                    rs.getObject("event_id", UUID.class),
                    rs.getString("source"),
                    rs.getString("subject"),
                    rs.getTimestamp("time").toInstant(),
                    rs.getObject("chain_id", UUID.class),
                    data(data, entry));
        }

        private static EventData data(String json, Catalogue.Entry entry) {
            try {
                return EventCodec.json().readValue(json, entry.data());
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("an outbox row of " + entry.type() + " is unreadable", e);
            }
        }

        ProducerRecord<String, byte[]> record() {
            if (event == null) {
                return new ProducerRecord<>(topic, key, null);
            }
            ProducerRecord<String, byte[]> record = new ProducerRecord<>(
                    topic, key, EventCodec.toJson(event).toString().getBytes(StandardCharsets.UTF_8));
            EventCodec.headers(event)
                    .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
            if (traceparent != null) {
                record.headers().add(Traces.HEADER, traceparent.getBytes(StandardCharsets.UTF_8));
            }
            return record;
        }
    }
}
