package dev.slipway.eventing;

import io.micrometer.core.instrument.Metrics;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Publishes the outbox. One relay at a time per database (an advisory lock), because two could turn the order of a
/// key's events around. It selects what is unpublished, never "id greater than the last": an identity column is not the
/// order of commits.
///
/// The lock belongs to the transaction of one batch, not to a session: a process that is frozen in the middle of one
/// loses it when PostgreSQL ends its idle transaction, and another replica goes on. What the frozen one still sends
/// when it wakes up repeats, in the same order, what the other has published from the same row on; so does a kill
/// between the broker's answer and the mark. Consumers know events by their id.
///
/// No event overtakes an earlier one of its key: the producer has one request under way, and the first event the broker
/// does not take closes it, so that nothing behind leaves before that one is sent again, by a new producer. An event
/// that is too large for the broker would be refused for ever: it is set aside with the reason, and what comes after it
/// goes on.
final class Relay implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Relay.class);

    /// Events that no broker would take.
    static final String SET_ASIDE = "slipway.outbox.set.aside";

    /// Any constant will do as long as every replica uses the same.
    private static final long LOCK = 0x51_1b_3a_9dL;

    static final String UNPUBLISHED = """
            select * from outbox where published_at is null and set_aside_at is null order by seq limit :batch""";
    private static final int BATCH = 500;
    private static final long ANSWER_SECONDS = 30;
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    private final Supplier<Producer<String, byte[]>> producers;
    private final Clock clock;
    private volatile @Nullable Producer<String, byte[]> producer;

    /// @param producers one is made at first use, and after each failure
    Relay(Supplier<Producer<String, byte[]>> producers, Clock clock) {
        this.producers = producers;
        this.clock = clock;
    }

    /// Publishes what is unpublished, oldest first, up to one batch.
    ///
    /// @return how many are settled; none also while another replica publishes
    /// @throws TemporaryFailure when the broker did not take all of them in time; the first one it did not
    /// take, and those behind it, are sent again
    int publish(Jdbi jdbi) {
        Outcome outcome = jdbi.inTransaction(tx -> lock(tx) ? publish(tx) : Outcome.NOTHING);
        if (outcome.failure != null) {
            throw outcome.failure;
        }
        return outcome.settled;
    }

    /// @param failure of the first one that was not taken
    private record Outcome(int settled, @Nullable TemporaryFailure failure) {
        static final Outcome NOTHING = new Outcome(0, null);
    }

    private static boolean lock(Handle tx) {
        return tx.createQuery("select pg_try_advisory_xact_lock(:lock)")
                .bind("lock", LOCK)
                .mapTo(Boolean.class)
                .one();
    }

    private Outcome publish(Handle tx) {
        List<OutboxRow> rows = tx.createQuery(UNPUBLISHED)
                .bind("batch", BATCH)
                .map((rs, _) -> OutboxRow.of(rs))
                .list();
        if (rows.isEmpty()) {
            return Outcome.NOTHING;
        }
        List<Future<?>> answers = send(rows);
        List<OutboxRow> taken = new ArrayList<>(rows.size());
        int aside = 0;
        TemporaryFailure failure = null;
        for (int i = 0; i < answers.size(); i++) {
            // Once one has failed, the others have their answers, or the end of their producer for one.
            Exception fault = faultOf(answers.get(i), failure == null ? ANSWER_SECONDS : 0);
            if (fault == null && failure == null) {
                taken.add(rows.get(i));
            } else if (fault instanceof RecordTooLargeException) {
                setAside(tx, rows.get(i), fault);
                aside++;
            } else if (failure == null) {
                failure = new TemporaryFailure("the broker did not take an event: " + fault.getMessage(), fault);
            }
        }
        mark(tx, taken);
        if (failure != null || aside > 0) {
            forget();
        }
        // Where one was set aside, those behind it may have had no answer but the producer's end.
        return new Outcome(taken.size() + aside, aside > 0 ? null : failure);
    }

    private List<Future<?>> send(List<OutboxRow> rows) {
        Producer<String, byte[]> sending = producer();
        Thread relaying = Thread.currentThread();
        List<Future<?>> answers = new ArrayList<>(rows.size());
        for (OutboxRow row : rows) {
            Future<?> answer = sending.send(row.record(), (_, fault) -> {
                // Refused before it left: nothing behind it has been given away yet, what is before it still goes.
                if (fault != null && Thread.currentThread() != relaying) {
                    sending.close(Duration.ZERO);
                }
            });
            answers.add(answer);
            if (answer.state() == Future.State.FAILED) {
                // The broker is not there: each further one would wait as long for the same answer.
                return answers;
            }
        }
        sending.flush();
        return answers;
    }

    private static @Nullable Exception faultOf(Future<?> answer, long seconds) {
        try {
            answer.get(seconds, TimeUnit.SECONDS);
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e;
        } catch (ExecutionException e) {
            return e.getCause() instanceof Exception cause ? cause : e;
        } catch (TimeoutException e) {
            return e;
        }
    }

    private void mark(Handle tx, List<OutboxRow> rows) {
        if (!rows.isEmpty()) {
            tx.createUpdate("update outbox set published_at = :now where seq = any(:rows)")
                    .bind("now", clock.instant())
                    .bindArray(
                            "rows",
                            Long.class,
                            rows.stream().map(OutboxRow::seq).toArray())
                    .execute();
        }
    }

    private void setAside(Handle tx, OutboxRow row, Exception fault) {
        String reason = PlainText.line(fault.getMessage());
        LOG.errorf(
                "event set aside outbox=%d type=%s key=%s reason=%s",
                row.seq(), row.envelope().type(), row.key(), reason);
        Metrics.counter(SET_ASIDE).increment();
        tx.createUpdate("update outbox set set_aside_at = :now, fault = :reason where seq = :seq")
                .bind("now", clock.instant())
                .bind("reason", reason)
                .bind("seq", row.seq())
                .execute();
    }

    private Producer<String, byte[]> producer() {
        Producer<String, byte[]> current = producer;
        if (current == null) {
            current = producers.get();
            producer = current;
        }
        return current;
    }

    /// Without a goodbye: what it still holds may not leave.
    private void forget() {
        Producer<String, byte[]> current = producer;
        producer = null;
        if (current != null) {
            current.close(Duration.ZERO);
        }
    }

    @Override
    public void close() {
        Producer<String, byte[]> current = producer;
        producer = null;
        if (current != null) {
            current.close(GOODBYE);
        }
    }
}
