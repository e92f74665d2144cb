package dev.slipway.deploy.webhook;

import dev.slipway.deploy.webhook.Reading.Refused;
import dev.slipway.web.Problem;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.ConnectionException;
import org.jspecify.annotations.Nullable;

/// Where deliveries wait to be kept. One thread takes whatever waits and has all of it kept by one
/// commit, so that a crowd of deliveries costs the disk no more than one. What cannot be kept in company
/// is tried alone: its neighbours are not to suffer for it.
@Singleton
final class Intake {
    private static final Logger LOG = Logger.getLogger(Intake.class);
    private static final int MOST_WAITING = 1_000;
    private static final int MOST_TOGETHER = 128;
    private static final long MOST_BYTES_TOGETHER = 1 << 20;
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration STOP = Duration.ofSeconds(5);

    /// Of those nobody proved, so many wait; more of them are a flood, of which the list keeps no more
    /// than the end.
    private static final int MOST_UNPROVED = 100;

    private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Semaphore unproved = new Semaphore(MOST_UNPROVED);
    private final KeepDeliveries keep;
    private final VerdictMetrics metrics;
    private final Duration deadline;
    private final Thread keeper = Thread.ofPlatform().name("intake").daemon().unstarted(this::run);
    private volatile boolean stopping;
    private @Nullable Waiting left;

    /// @param deadline after which a sender is told to come back; GitHub hangs up after ten seconds
    Intake(
            KeepDeliveries keep,
            VerdictMetrics metrics,
            @ConfigProperty(name = "slipway.intake.deadline") Duration deadline) {
        this.keep = keep;
        this.metrics = metrics;
        this.deadline = deadline;
    }

    private record Waiting(Read read, CompletableFuture<Delivery> answer) {
        int bytes() {
            return read.incoming().body().length;
        }

        void tell(Entry.Told told) {
            if (told.denied() == null) {
                answer.complete(told.delivery());
            } else {
                answer.completeExceptionally(told.denied());
            }
        }
    }

    void start(@Observes StartupEvent event) {
        keeper.start();
    }

    /// What waits is kept still; nothing is taken any more.
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        keeper.join(STOP);
    }

    /// Has a delivery kept. @return what its sender is told, after the commit
    CompletionStage<Delivery> keep(Read read) {
        Waiting waiting = new Waiting(read, new CompletableFuture<>());
        if (read.reading() instanceof Refused && !enterUnproved(waiting)) {
            metrics.count(Verdict.REFUSED.tag());
            return CompletableFuture.failedFuture(Entry.wrongSignature());
        }
        if (stopping || !queue.offer(waiting)) {
            waiting.answer.cancel(false);
            return CompletableFuture.failedFuture(
                    Problem.unavailable("There are too many deliveries to be kept in time.", PAUSE));
        }
        return waiting.answer
                .orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(Intake::late);
    }

    /// Whoever floods the door with forgeries takes no genuine delivery's place.
    private boolean enterUnproved(Waiting waiting) {
        if (!unproved.tryAcquire()) {
            return false;
        }
        waiting.answer.whenComplete((_, _) -> unproved.release());
        return true;
    }

    private void run() {
        while (!stopping || left != null || !queue.isEmpty()) {
            try {
                List<Waiting> together = take();
                if (!together.isEmpty()) {
                    keepTogether(together);
                }
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException e) {
                LOG.error("event=intake_fault", e);
            }
        }
    }

    /// What waits now, in the order it came, as much of it as goes together well.
    private List<Waiting> take() throws InterruptedException {
        Waiting next = left == null ? queue.poll(STOP.toMillis() / 10, TimeUnit.MILLISECONDS) : left;
        left = null;
        List<Waiting> together = new ArrayList<>();
        long bytes = 0;
        while (next != null) {
            if (!together.isEmpty() && bytes + next.bytes() > MOST_BYTES_TOGETHER) {
                left = next;
                return together;
            }
            // Whoever has gone away, or was told that it took too long, delivers again.
            if (!next.answer.isDone()) {
                together.add(next);
                bytes += next.bytes();
            }
            next = together.size() < MOST_TOGETHER ? queue.poll() : null;
        }
        return together;
    }

    private void keepTogether(List<Waiting> together) {
        try {
            List<Entry.Told> told =
                    keep.keep(together.stream().map(Waiting::read).toList());
            for (int i = 0; i < together.size(); i++) {
                together.get(i).tell(told.get(i));
            }
        } catch (ConnectionException e) {
            // The database is away: there is no use in asking it once for each.
            together.forEach(waiting -> waiting.answer.completeExceptionally(e));
        } catch (RuntimeException e) {
            if (together.size() == 1) {
                together.getFirst().answer.completeExceptionally(e);
            } else {
                LOG.warnf(
                        "event=deliveries_kept_one_by_one deliveries=%d reason='%s'", together.size(), e.getMessage());
                together.forEach(waiting -> keepTogether(List.of(waiting)));
            }
        }
    }

    private static CompletionStage<Delivery> late(Throwable failure) {
        return CompletableFuture.failedFuture(
                failure instanceof TimeoutException
                        ? Problem.unavailable("The delivery was not kept in time; it may be repeated.", PAUSE)
                        : failure);
    }
}
