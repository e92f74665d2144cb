package dev.slipway.backup.program;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// One worker's run on one backup: what others may know of it while it goes on, and how they end it.
///
/// Bound to the worker's thread ([#CURRENT]), so that whatever starts a program or a session on its way can be found
/// again: programs carry its id in their environment, and what may take long says how it is ended.
public final class Run {
    private static final Logger LOG = Logger.getLogger(Run.class);

    /// The run of the thread that asks.
    public static final ScopedValue<Run> CURRENT = ScopedValue.newInstance();

    /// The variable that the programs of a run have in their environment: by it they are found when their service was
    /// killed.
    static final String MARK = "SLIPWAY_RUN";

    private final @Nullable UUID backup;
    private final BooleanSupplier stillOurs;
    private final Set<Ender> enders = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;
    private volatile Stage stage = new Stage(Kind.COUNTING, 0, null, System.nanoTime(), new LongAdder());

    /// @param stillOurs whether no other worker took the backup over, asked before anything is made final
    public Run(@Nullable UUID backup, BooleanSupplier stillOurs) {
        this.backup = backup;
        this.stillOurs = stillOurs;
    }

    /// What is being done.
    public enum Kind {
        /// The rows of the snapshot.
        COUNTING,
        DUMPING,
        /// The last bytes become safe and get their names.
        STORING,
        /// Every copy, to its end.
        READING,
        RESTORING
    }

    /// A part of a run.
    ///
    /// @param expectedBytes that will pass through programs; 0 when nobody knows
    /// @param tables tells how far the database is; null when nothing does
    /// @param sinceNanos by [System#nanoTime]
    /// @param passed bytes that went into or came out of programs so far
    public record Stage(
            Kind kind, long expectedBytes, @Nullable Tables tables, long sinceNanos, LongAdder passed) {}

    /// Looks at a database that is being dumped. Used by one thread, which is not the worker's.
    public interface Tables extends AutoCloseable {
        /// @return null when there is nothing to be seen right now
        @Nullable
        Seen look();

        @Override
        void close();

        /// @param doneBytes of `bytes`, as the tables lie on their server
        record Seen(int done, int tables, long doneBytes, long bytes) {}
    }

    /// That of this thread; one that nobody looks at when there is none.
    public static Run current() {
        return CURRENT.isBound() ? CURRENT.get() : new Run(null, () -> true);
    }

    @Nullable
    UUID backup() {
        return backup;
    }

    public Stage stage() {
        return stage;
    }

    /// Begins the next part.
    public void begin(Kind kind, long expectedBytes) {
        begin(kind, expectedBytes, null);
    }

    /// Begins the next part, in which the tables of the database can be looked at.
    public void begin(Kind kind, long expectedBytes, @Nullable Tables tables) {
        stage = new Stage(kind, expectedBytes, tables, System.nanoTime(), new LongAdder());
    }

    /// Goes on to the next part with the bytes of the one before.
    public void goOn(Kind kind) {
        Stage before = stage;
        stage = new Stage(kind, before.expectedBytes(), null, before.sinceNanos(), before.passed());
    }

    void passed(long bytes) {
        stage.passed().add(bytes);
    }

    /// What this process reads itself: it ends with [StoppedException] when the run, or the thread that
    /// reads, is to end.
    public InputStream untilStopped(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                requireGoingOn();
                return super.read();
            }

            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                requireGoingOn();
                return super.read(to, offset, length);
            }
        };
    }

    private void requireGoingOn() throws StoppedException {
        if (stopped || Thread.currentThread().isInterrupted()) {
            throw new StoppedException();
        }
    }

    /// It was not read to its end because nobody wants that any more: this says nothing about what was read.
    public static final class StoppedException extends IOException {
        private static final long serialVersionUID = 1L;

        private StoppedException() {
            super("stopped while it was read");
        }
    }

    /// Counts what this process writes itself, as what passes through programs is counted.
    public OutputStream passing(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(int single) throws IOException {
                out.write(single);
                passed(1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
                passed(length);
            }
        };
    }

    /// Something that would keep the worker busy, and how it is ended from another thread.
    public Ender endBy(Runnable end) {
        Ender ender = new Ender(end);
        enders.add(ender);
        if (stopped) {
            end.run();
        }
        return ender;
    }

    /// Ends all that keeps the worker busy, now and later: it comes back with a failure.
    public void stop() {
        stopped = true;
        enders.forEach(ender -> ender.end.run());
    }

    public boolean isStopped() {
        return stopped;
    }

    /// Whether what was made may get its final name: nobody stopped this run, and nobody else took it over.
    public boolean mayPublish() {
        return !stopped && stillOurs.getAsBoolean();
    }

    /// Looks every so often whether the run is still this worker's, and stops it when it is not.
    public Guard guard(Duration every) {
        return new Guard(every);
    }

    /// Until it is closed.
    public final class Guard implements AutoCloseable {
        private final Semaphore over = new Semaphore(0);
        private final Thread thread;

        private Guard(Duration every) {
            this.thread = Thread.ofVirtual().name("run-guard-" + backup).start(() -> look(every));
        }

        private void look(Duration every) {
            try {
                while (!stopped && !over.tryAcquire(every.toMillis(), TimeUnit.MILLISECONDS)) {
                    try {
                        if (!stillOurs.getAsBoolean()) {
                            stop();
                        }
                    } catch (RuntimeException e) {
                        // Nobody can say right now: the run goes on, and is fenced when it ends.
                        LOG.warnf("run not looked at backup=%s: %s", backup, e.getMessage());
                    }
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
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

    /// Until it is closed.
    public final class Ender implements AutoCloseable {
        private final Runnable end;

        private Ender(Runnable end) {
            this.end = end;
        }

        @Override
        public void close() {
            enders.remove(this);
        }
    }
}
