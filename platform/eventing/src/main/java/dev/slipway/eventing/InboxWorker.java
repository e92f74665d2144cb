package dev.slipway.eventing;

import dev.slipway.events.Event;
import dev.slipway.events.EventCodec;
import dev.slipway.events.EventData;
import dev.slipway.events.UnreadableEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Works the inbox off, in order per key: the handler's effect, its outbox rows, the next due work and "done" are one
/// transaction. A temporary failure is tried again with back-off until a deadline and holds only its key; a permanent
/// one makes the row a dead letter with its reason.
final class InboxWorker {
    private static final Logger LOG = Logger.getLogger(InboxWorker.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

    private final Jdbi jdbi;
    private final Clock clock;
    private final Duration retryDeadline;
    private final Map<Class<? extends EventData>, EventHandler<?>> handlers;

    /// @param retryDeadline how long after its arrival an event is tried again
    InboxWorker(Jdbi jdbi, Clock clock, Duration retryDeadline, List<EventHandler<?>> handlers) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.retryDeadline = retryDeadline;
        this.handlers =
                handlers.stream().collect(Collectors.toUnmodifiableMap(EventHandler::type, Function.identity()));
    }

    /// Works off everything that is due now. @return how many events were tried
    int workOff() {
        int tried = 0;
        while (jdbi.inTransaction(this::next)) {
            tried++;
        }
        return tried;
    }

    private boolean next(Handle tx) {
        Optional<Row> row = claim(tx);
        row.ifPresent(claimed -> work(tx, claimed));
        return row.isPresent();
    }

    private Optional<Row> claim(Handle tx) {
        return tx.createQuery("""
                        select seq, value, type, attempts, received_at from inbox i
                        where state = 'pending' and next_attempt_at <= :now
                          and not exists (select from inbox earlier
                                          where earlier.key = i.key and earlier.seq < i.seq and earlier.state <> 'done')
                        order by seq limit 1 for update skip locked""")
                .bind("now", clock.instant())
                .map((rs, _) -> new Row(
                        rs.getLong("seq"),
                        rs.getBytes("value"),
                        rs.getString("type"),
                        rs.getInt("attempts"),
                        rs.getTimestamp("received_at").toInstant()))
                .findOne();
    }

    private void work(Handle tx, Row row) {
        tx.savepoint("effect");
        try {
            handle(tx, row);
            settle(tx, row, "done", null);
        } catch (PermanentFailure | UnreadableEvent e) {
            tx.rollbackToSavepoint("effect");
            LOG.warnf("dead letter inbox=%d type=%s reason=%s", row.seq, row.type, e.getMessage());
            settle(tx, row, "dead", e.getMessage());
        } catch (RuntimeException e) {
            tx.rollbackToSavepoint("effect");
            retry(tx, row, e);
        }
    }

    private void handle(Handle tx, Row row) {
        Event<?> event = EventCodec.read(row.value)
                .orElseThrow(() -> new PermanentFailure("the type is not in the catalogue any more: " + row.type));
        EventHandler<?> handler = handlers.get(event.data().getClass());
        if (handler == null) {
            throw new PermanentFailure("nobody handles " + row.type + " here");
        }
        call(handler, tx, event);
    }

    @SuppressWarnings("unchecked") // the map's key is the handler's own type
    private static <D extends EventData> void call(EventHandler<D> handler, Handle tx, Event<?> event) {
        handler.handle(tx, (Event<D>) event);
    }

    private void retry(Handle tx, Row row, RuntimeException failure) {
        Instant now = clock.instant();
        String reason = failure instanceof TemporaryFailure ? failure.getMessage() : failure.toString();
        if (!now.isBefore(row.receivedAt.plus(retryDeadline))) {
            LOG.warnf("dead letter inbox=%d type=%s reason=%s", row.seq, row.type, reason);
            settle(tx, row, "dead", "given up after " + (row.attempts + 1) + " attempts: " + reason);
            return;
        }
        Instant again = now.plus(backOff(row.attempts));
        LOG.warnf(
                failure instanceof TemporaryFailure ? null : failure,
                "event tried again inbox=%d type=%s attempt=%d reason=%s",
                row.seq,
                row.type,
                row.attempts + 1,
                reason);
        tx.createUpdate("""
                        update inbox set attempts = attempts + 1, next_attempt_at = :again, reason = :reason
                        where seq = :seq""")
                .bind("again", again)
                .bind("reason", reason)
                .bind("seq", row.seq)
                .execute();
    }

    /// Doubles from the first retry on, with up to a quarter of jitter so that replicas do not march in step.
    private static Duration backOff(int attempts) {
        long millis = Math.min(LONGEST_RETRY.toMillis(), FIRST_RETRY.toMillis() << Math.min(attempts, 16));
        return Duration.ofMillis(millis - ThreadLocalRandom.current().nextLong(millis / 4 + 1));
    }

    private void settle(Handle tx, Row row, String state, @org.jspecify.annotations.Nullable String reason) {
        tx.createUpdate("""
                        update inbox set state = :state, reason = :reason, attempts = attempts + 1, settled_at = :now
                        where seq = :seq""")
                .bind("state", state)
                .bind("reason", reason)
                .bind("now", clock.instant())
                .bind("seq", row.seq)
                .execute();
    }

    private record Row(long seq, byte[] value, String type, int attempts, Instant receivedAt) {}
}
