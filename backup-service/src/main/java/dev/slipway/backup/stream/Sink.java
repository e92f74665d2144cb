package dev.slipway.backup.stream;

import dev.slipway.backup.location.Draft;
import dev.slipway.backup.location.Item;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.location.LocationFault.Reason;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Writes one file to one location, on a thread of its own and from a queue of its own: a slow location holds nobody up
/// until its queue is full, and a broken one only itself.
final class Sink implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Sink.class);

    /// How long the thread of a location that was given up may take to come back from it.
    private static final Duration LEAVING = Duration.ofSeconds(10);

    private final Location location;
    private final Item item;
    private final BlockingQueue<Chunk> queue;
    private final Thread thread;
    private final AtomicReference<@Nullable LocationFault> fault = new AtomicReference<>();
    private volatile boolean allGiven;
    private volatile boolean finished;
    private volatile @Nullable Draft draft;
    private long waitedNanos;

    Sink(Location location, Item item, int capacity) {
        this.location = location;
        this.item = item;
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("backup-to-" + location.name())
                .start(this::run);
    }

    Location location() {
        return location;
    }

    boolean isWell() {
        return fault.get() == null;
    }

    @Nullable
    LocationFault fault() {
        return fault.get();
    }

    /// How long others waited for this one.
    Duration waited() {
        return Duration.ofNanos(waitedNanos);
    }

    /// Hands a chunk over, which becomes this sink's to release.
    ///
    /// @return false when it was not taken in time, and is still the caller's
    boolean offer(Chunk chunk, Duration within) throws InterruptedException {
        if (queue.offer(chunk)) {
            return true;
        }
        long begun = System.nanoTime();
        try {
            long end = begun + within.toNanos();
            // In slices: a sink that broke meanwhile empties its queue no more.
            while (isWell()) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                if (queue.offer(chunk, Math.min(left, TimeUnit.MILLISECONDS.toNanos(100)), TimeUnit.NANOSECONDS)) {
                    return true;
                }
            }
            return false;
        } finally {
            waitedNanos += System.nanoTime() - begun;
        }
    }

    /// Nothing more comes.
    void end() {
        allGiven = true;
    }

    /// Waits until everything given is safe in the location. @return whether it is
    boolean awaitFinished(Duration within) throws InterruptedException {
        if (!thread.join(within)) {
            cut(new LocationFault(
                    Reason.STALLED,
                    "location %s: what was written was not safe within %s".formatted(location.name(), within),
                    null));
        }
        return finished && isWell();
    }

    /// Gives the file its final name. @return whether it has it
    boolean publish() {
        Draft written = draft;
        if (written == null || !finished || !isWell()) {
            return false;
        }
        try {
            written.publish();
            return true;
        } catch (LocationFault e) {
            fault.compareAndSet(null, e);
            withdraw();
            return false;
        }
    }

    /// Gives the location up.
    void cut(LocationFault why) {
        if (fault.compareAndSet(null, why)) {
            LOG.warnf("location cut off location=%s item=%s: %s", location.name(), item, why.getMessage());
        }
        thread.interrupt();
    }

    /// Takes its final name from it again.
    void withdraw() {
        try {
            location.delete(item);
        } catch (LocationFault e) {
            LOG.warnf("location keeps what failed location=%s item=%s: %s", location.name(), item, e.getMessage());
        }
    }

    private void run() {
        try {
            Draft begun = location.begin(item);
            draft = begun;
            write(begun);
            begun.finish();
            finished = true;
        } catch (LocationFault e) {
            fault.compareAndSet(null, e);
        } catch (InterruptedException _) {
            fault.compareAndSet(null, given("was given up"));
        } catch (RuntimeException e) {
            LOG.errorf(e, "location broke location=%s item=%s", location.name(), item);
            fault.compareAndSet(null, given("broke: " + e));
        } finally {
            if (!isWell()) {
                leave();
            }
        }
    }

    private void write(Draft to) throws LocationFault, InterruptedException {
        while (isWell()) {
            Chunk chunk = queue.poll(20, TimeUnit.MILLISECONDS);
            if (chunk != null) {
                try {
                    to.write(chunk.view());
                } finally {
                    chunk.release();
                }
            } else if (allGiven && queue.isEmpty()) {
                return;
            }
        }
        throw new InterruptedException();
    }

    private LocationFault given(String what) {
        return new LocationFault(Reason.BROKEN, "location %s: %s".formatted(location.name(), what), null);
    }

    private void leave() {
        // An interrupt was meant for what hung, not for tidying up.
        Thread.interrupted();
        Draft left = draft;
        if (left != null) {
            left.close();
        }
        for (Chunk chunk = queue.poll(); chunk != null; chunk = queue.poll()) {
            chunk.release();
        }
    }

    /// Tells its thread to leave.
    void giveUp() {
        fault.compareAndSet(null, given("was given up"));
        thread.interrupt();
    }

    /// Leaves nothing that was not published.
    @Override
    public void close() {
        giveUp();
        try {
            if (!thread.join(LEAVING)) {
                LOG.warnf("location hangs location=%s item=%s", location.name(), item);
                return;
            }
            leave();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
