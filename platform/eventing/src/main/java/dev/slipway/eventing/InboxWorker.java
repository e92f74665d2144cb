package dev.slipway.eventing;

import static java.util.Objects.requireNonNull;

import dev.slipway.audit.Cause;
import dev.slipway.events.Event;
import dev.slipway.events.EventCodec;
import dev.slipway.events.EventData;
import dev.slipway.events.UnreadableEvent;
import dev.slipway.telemetry.Traces;
import io.opentelemetry.api.trace.SpanKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Works the inbox off, in order per key: the handler's effect, its outbox rows, the next due work and "done" are one
/// transaction. A temporary failure is tried again with back-off until a deadline and holds only its key; a permanent
/// one makes the row a dead letter with its reason.
///
/// Several events share a transaction while all goes well. When one of them fails, all of it is taken back, those
/// before it are worked off anew without it, and it comes alone.
final class InboxWorker {
    private static final Logger LOG = Logger.getLogger(InboxWorker.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

    /// What one transaction takes on at most. The first event of it is seen by others only when the last one is done.
    private static final int BATCH = 64;

    private static final Duration LONGEST_BATCH = Duration.ofMillis(100);

    /// How the reason of a dead letter begins that was tried until its deadline.
    static final String GAVE_UP = "given up after ";

    private final Jdbi jdbi;
    private final Clock clock;
    private final Duration retryDeadline;
    private final InboxRows inbox = new InboxRows();
    private final Map<Class<? extends EventData>, EventHandler<?>> handlers;

    /// @param retryDeadline how long after its first attempt an event is tried again
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
        for (int most = BATCH; ; ) {
            try {
                int limit = most;
                int worked = jdbi.inTransaction(tx -> batch(tx, limit));
                if (worked == 0) {
                    return tried;
                }
                tried += worked;
                most = BATCH;
            } catch (BrokenBatch broken) {
                most = Math.max(1, broken.before);
            }
        }
    }

    private int batch(Handle tx, int most) {
        List<InboxRow> rows = inbox.claim(tx, clock.instant(), most);
        if (rows.size() == 1) {
            alone(tx, rows.getFirst());
            return 1;
        }
        return rows.isEmpty() ? 0 : together(tx, rows);
    }

    private int together(Handle tx, List<InboxRow> rows) {
        long until = System.nanoTime() + LONGEST_BATCH.toNanos();
        List<Handled> handled = new ArrayList<>();
        while (handled.size() < rows.size() && (handled.isEmpty() || System.nanoTime() < until)) {
            try {
                handled.add(handle(tx, rows.get(handled.size())));
            } catch (RuntimeException e) {
                throw new BrokenBatch(handled.size(), e);
            }
        }
        inbox.done(tx, rows.subList(0, handled.size()), handled, clock.instant());
        return handled.size();
    }

    private void alone(Handle tx, InboxRow row) {
        tx.savepoint("effect");
        try {
            Handled handled = handle(tx, row);
            inbox.done(tx, List.of(row), List.of(handled), clock.instant());
        } catch (PermanentFailure | UnreadableEvent e) {
            tx.rollbackToSavepoint("effect");
            dead(tx, row, e.getMessage(), e);
        } catch (RuntimeException e) {
            tx.rollbackToSavepoint("effect");
            retry(tx, row, e);
        }
    }

    private Handled handle(Handle tx, InboxRow row) {
        try (Traces.Part part = Traces.begin("handle " + row.type(), SpanKind.CONSUMER, row.traceparent())) {
            try {
                return handled(tx, row);
            } catch (RuntimeException e) {
                part.failed(e);
                throw e;
            }
        }
    }

    private Handled handled(Handle tx, InboxRow row) {
        Event<?> event = EventCodec.read(row.value())
                .orElseThrow(() -> new PermanentFailure("the type is not in the catalogue any more: " + row.type()));
        EventHandler<?> handler = handlers.get(event.data().getClass());
        if (handler == null) {
            throw new PermanentFailure("nobody handles " + row.type() + " here");
        }
        try (Traces.Facts _ = EventFacts.of(event)) {
            return Cause.event(event.source(), event.id(), row.type())
                    .bringsAbout(tx, clock.instant(), () -> call(handler, tx, event));
        }
    }

    @SuppressWarnings("unchecked") // the map's key is the handler's own type
    private static <D extends EventData> Handled call(EventHandler<D> handler, Handle tx, Event<?> event) {
        return requireNonNull(handler.handle(tx, (Event<D>) event), "what became of the event");
    }

    private void retry(Handle tx, InboxRow row, RuntimeException failure) {
        Instant now = clock.instant();
        String reason = failure instanceof TemporaryFailure ? failure.getMessage() : failure.toString();
        if (row.firstAttemptAt() != null && !now.isBefore(row.firstAttemptAt().plus(retryDeadline))) {
            dead(tx, row, GAVE_UP + (row.attempts() + 1) + " attempts: " + reason, failure);
            return;
        }
        LOG.warnf(
                failure instanceof TemporaryFailure ? null : failure,
                "event tried again inbox=%d type=%s attempt=%d reason=%s",
                row.seq(),
                row.type(),
                row.attempts() + 1,
                reason);
        inbox.again(tx, row, now, now.plus(backOff(row.attempts())), reason);
    }

    private void dead(Handle tx, InboxRow row, String reason, RuntimeException failure) {
        LOG.warnf("dead letter inbox=%d type=%s reason=%s", row.seq(), row.type(), PlainText.line(reason));
        inbox.dead(tx, row, clock.instant(), reason, stackOf(failure));
    }

    private static String stackOf(RuntimeException failure) {
        StringWriter stack = new StringWriter();
        failure.printStackTrace(new PrintWriter(stack));
        return stack.toString();
    }

    /// Doubles from the first retry on, with up to a quarter of jitter so that replicas do not march in step.
    private static Duration backOff(int attempts) {
        long millis = Math.min(LONGEST_RETRY.toMillis(), FIRST_RETRY.toMillis() << Math.min(attempts, 16));
        return Duration.ofMillis(millis - ThreadLocalRandom.current().nextLong(millis / 4 + 1));
    }

    /// An event of several failed; none of their effects stays.
    private static final class BrokenBatch extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int before;

        /// @param before how many events came before the one that failed
        BrokenBatch(int before, RuntimeException cause) {
            super(cause.getMessage(), cause, false, false);
            this.before = before;
        }
    }
}
