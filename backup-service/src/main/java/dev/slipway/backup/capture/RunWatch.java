package dev.slipway.backup.capture;

import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.Progress;
import dev.slipway.backup.ledger.Runs;
import dev.slipway.backup.program.Run;
import dev.slipway.eventing.EventWriter;
import dev.slipway.events.BackupProgressed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Stands beside a worker: writes down how far it is, and stops it when somebody cancelled its backup or another worker
/// took it over.
public final class RunWatch {
    private static final Logger LOG = Logger.getLogger(RunWatch.class);

    /// From so much of a stage on its rate says something.
    private static final double ENOUGH_TO_ESTIMATE = 0.02;

    private final Jdbi jdbi;
    private final Runs runs;
    private final EventWriter events;
    private final Pace pace;
    private final Clock clock;

    public RunWatch(Jdbi jdbi, Runs runs, EventWriter events, Pace pace, Clock clock) {
        this.jdbi = jdbi;
        this.runs = runs;
        this.events = events;
        this.pace = pace;
        this.clock = clock;
    }

    /// @param look how often it looks and writes; @param tell how often it tells the other services
    public record Pace(Duration look, Duration tell) {}

    /// Begins to watch a run. @param begun the backup as it is after it was taken up
    Watched watch(Backup begun) {
        Run run = new Run(
                begun.id(),
                () -> jdbi.withHandle(handle -> runs.isOurs(handle, begun)
                        && runs.wish(handle, begun.id()).isEmpty()));
        return new Watched(begun, run);
    }

    /// One run that is looked at, until it is closed.
    final class Watched implements AutoCloseable {
        private final Backup begun;
        private final Run run;
        private final Semaphore over = new Semaphore(0);
        private final Thread thread;
        private Run.@Nullable Stage looking;
        private Instant since = Instant.EPOCH;
        private long toldNanos = System.nanoTime();

        private Watched(Backup begun, Run run) {
            this.begun = begun;
            this.run = run;
            this.thread = Thread.ofVirtual().name("run-watch-" + begun.id()).start(this::look);
        }

        Run run() {
            return run;
        }

        private void look() {
            try {
                while (!over.tryAcquire(pace.look().toMillis(), TimeUnit.MILLISECONDS)) {
                    try {
                        report();
                    } catch (RuntimeException e) {
                        // The database is away: the run goes on, and is fenced when it ends.
                        LOG.warnf("progress not written backup=%s: %s", begun.id(), e.getMessage());
                    }
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } finally {
                leave(looking);
            }
        }

        private void report() {
            Progress progress = progress(run.stage());
            boolean tell = System.nanoTime() - toldNanos >= pace.tell().toNanos();
            boolean goesOn = jdbi.inTransaction(tx -> {
                boolean ours = runs.report(tx, begun, progress);
                if (ours && tell) {
                    tell(tx, progress);
                }
                return ours && runs.wish(tx, begun.id()).isEmpty();
            });
            if (tell) {
                toldNanos = System.nanoTime();
            }
            if (!goesOn && !run.isStopped()) {
                LOG.infof("run stopped backup=%s", begun.id());
                run.stop();
            }
        }

        private void tell(Handle tx, Progress progress) {
            UUID release = begun.origin().release();
            events.write(
                    tx,
                    release == null ? begun.database().toString() : release.toString(),
                    begun.id().toString(),
                    begun.origin().chainId(),
                    new BackupProgressed(
                            begun.id(),
                            release,
                            begun.database().application(),
                            begun.database().name(),
                            progress.stage(),
                            progress.bytes(),
                            progress.tablesDone(),
                            progress.tables(),
                            progress.bytesPerSecond(),
                            progress.secondsLeft() == null ? null : Duration.ofSeconds(progress.secondsLeft())));
        }

        private Progress progress(Run.Stage stage) {
            Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            if (!stage.equals(looking)) {
                leave(looking);
                looking = stage;
                since = now;
            }
            Run.Tables tables = stage.tables();
            Run.Tables.Seen seen = tables == null ? null : tables.look();
            long passed = stage.passed().sum();
            double seconds = Math.max(0.001, (System.nanoTime() - stage.sinceNanos()) / 1e9);
            return new Progress(
                    begun.id(),
                    stage.kind().name().toLowerCase(Locale.ROOT),
                    since,
                    now,
                    passed,
                    seen == null ? null : seen.done(),
                    seen == null ? null : seen.tables(),
                    Math.round(passed / seconds),
                    left(share(stage, seen, passed), seconds));
        }

        private double share(Run.Stage stage, Run.Tables.@Nullable Seen seen, long passed) {
            if (seen != null && seen.bytes() > 0) {
                return (double) seen.doneBytes() / seen.bytes();
            }
            return stage.expectedBytes() > 0 ? (double) passed / stage.expectedBytes() : 0;
        }

        private @Nullable Long left(double share, double seconds) {
            return share < ENOUGH_TO_ESTIMATE ? null : Math.round(seconds * Math.max(0, 1 - share) / share);
        }

        private void leave(Run.@Nullable Stage stage) {
            Run.Tables tables = stage == null ? null : stage.tables();
            if (tables != null) {
                tables.close();
            }
        }

        @Override
        public void close() {
            over.release();
            try {
                thread.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
