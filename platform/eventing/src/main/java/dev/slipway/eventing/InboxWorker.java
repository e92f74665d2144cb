package dev.slipway.eventing;

import static java.util.Objects.requireNonNull;

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
/// Several events share a transaction while all goes well. When one of them fails, all of it is taken back and those
/// before it are worked off anew without it; when it was the first of them, what became of it is written down.
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
                if (broken.before == 0) {
                    failed(broken.row, broken.failure);
                    tried++;
                }
                most = broken.before == 0 ? BATCH : broken.before;
            }
        }
    }

    private int batch(Handle tx, int most) {
        List<InboxRow> rows = inbox.claim(tx, clock.instant(), most);
        if (rows.isEmpty()) {
            return 0;
        }
        long until = System.nanoTime() + LONGEST_BATCH.toNanos();
        List<Handled> handled = new ArrayList<>();
        while (handled.size() < rows.size() && (handled.isEmpty() || System.nanoTime() < until)) {
            InboxRow row = rows.get(handled.size());
            try {
                handled.add(handle(tx, row));
            } catch (RuntimeException e) {
                throw new BrokenBatch(handled.size(), row, e);
            }
        }
        inbox.done(tx, rows.subList(0, handled.size()), handled, clock.instant());
        return handled.size();
    }

    /// Nothing of its effect is left by now. Whoever tried it meanwhile has written down what became of it.
    private void failed(InboxRow row, RuntimeException failure) {
        row.cause()
                .bringsAbout(() -> jdbi.inTransaction(tx -> {
                    switch (failure) {
                        case PermanentFailure permanent -> dead(tx, row, permanent.getMessage(), permanent);
                        case UnreadableEvent unreadable -> dead(tx, row, unreadable.getMessage(), unreadable);
                        default -> retry(tx, row, failure);
                    }
                    return row;
                }));
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
            return row.cause().bringsAbout(tx, clock.instant(), () -> call(handler, tx, event));
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
        Instant next = now.plus(backOff(row.attempts()));
        if (inbox.again(tx, row, now, next, reason)) {
            LOG.warnf(
                    failure instanceof TemporaryFailure ? null : failure,
                    "event tried again inbox=%d type=%s attempt=%d reason=%s",
                    row.seq(),
                    row.type(),
                    row.attempts() + 1,
                    reason);
        }
    }

    private void dead(Handle tx, InboxRow row, String reason, RuntimeException failure) {
        if (inbox.dead(tx, row, clock.instant(), reason, stackOf(failure))) {
            LOG.warnf("dead letter inbox=%d type=%s reason=%s", row.seq(), row.type(), PlainText.line(reason));
        }
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

    /// An event failed; none of the batch's effects stays.
    private static final class BrokenBatch extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int before;
        private final transient InboxRow row;
        private final RuntimeException failure;

        /// @param before how many events came before the one that failed
        BrokenBatch(int before, InboxRow row, RuntimeException failure) {
            super(failure.getMessage(), failure, false, false);
            this.before = before;
            this.row = row;
            this.failure = failure;
        }
    }
}
