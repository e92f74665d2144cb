package dev.slipway.backup.stream;

import dev.slipway.backup.location.Item;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.program.Run;
import dev.slipway.backup.vault.Sealer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The one pass of a dump: hashed as it comes, compressed, sealed, hashed as it is stored, and written to every
/// location at once. Nothing of it is read twice and nothing waits on a disk in between.
///
/// ```
/// caller: write ─ SHA-256 ─▶ queue ─▶ compressor: zstd ─ AES-GCM ─ SHA-256 ─▶ queue of each ─▶ its thread ─▶ location
/// ```
///
/// Memory is a fixed number of buffers. Closed before it was published it leaves nothing in any location.
public final class OnePass implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final int QUEUED = 6;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final Duration LEAVING = Duration.ofSeconds(10);

    private final Buffers buffers = new Buffers(QUEUED + 3, BUFFER_BYTES);
    private final BlockingQueue<Chunk> queue = new ArrayBlockingQueue<>(QUEUED);
    private final Digest plain = new Digest();
    private final Digest stored = new Digest();
    private final AtomicReference<@Nullable IOException> broken = new AtomicReference<>();
    private final Compression compression;
    private final @Nullable Sealer sealer;
    private final FanOut fanOut;
    private final Thread compressor;
    private final Run.Ender ender;
    private volatile boolean allGiven;
    private @Nullable Chunk filling;

    /// @param needed how many locations have to take it
    /// @param sealer seals what is stored; without one it is stored as it is
    public OnePass(
            List<Location> locations,
            Item item,
            int needed,
            Pace pace,
            Compression compression,
            @Nullable Sealer sealer) {
        if (needed < 1 || needed > locations.size()) {
            throw new IllegalArgumentException("%d of %d locations".formatted(needed, locations.size()));
        }
        this.compression = compression;
        this.sealer = sealer;
        this.fanOut = new FanOut(locations, item, needed, pace, Sealer.STORED_BYTES);
        this.compressor = Thread.ofPlatform().daemon().name("backup-compressor").start(this::compress);
        this.ender = Run.current().endBy(this::giveUp);
    }

    /// What went through.
    ///
    /// @param frames how many a sealed file has; null when it is not sealed
    public record Written(
            long plainBytes,
            String plainSha256,
            long storedBytes,
            String storedSha256,
            @Nullable Long frames) {}

    /// Where the dump is written. Its `write` fails when not enough locations are left; it need not be closed.
    public OutputStream input() {
        return new OutputStream() {
            @Override
            public void write(int single) throws IOException {
                write(new byte[] {(byte) single}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                plain.add(bytes, offset, length);
                try {
                    fill(bytes, offset, length);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw (IOException) new InterruptedIOException("interrupted").initCause(e);
                }
            }
        };
    }

    /// Bytes that came in so far.
    public long plainBytes() {
        return plain.bytes();
    }

    /// Bytes that went out so far, to each location.
    public long storedBytes() {
        return stored.bytes();
    }

    /// Ends the stream and waits until enough locations have every byte of it safe, still without its final name.
    ///
    /// @throws LocationFault when not enough of them do
    public Written finish() throws IOException, InterruptedException {
        if (filling != null) {
            hand(filling);
            filling = null;
        }
        allGiven = true;
        compressor.join();
        throwIfBroken();
        fanOut.finish();
        return new Written(
                plain.bytes(),
                plain.sha256(),
                stored.bytes(),
                stored.sha256(),
                sealer == null ? null : sealer.frames());
    }

    /// Gives it its final name. @return the locations where it has it
    /// @throws LocationFault when those are not enough; no location has it then
    public List<Location> publish() throws LocationFault {
        return fanOut.publish();
    }

    /// The locations that broke on the way, and how.
    public Map<String, LocationFault> faults() {
        return fanOut.faults();
    }

    private void fill(byte[] bytes, int offset, int length) throws IOException, InterruptedException {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (filling == null) {
                filling = buffers.take();
            }
            int taken = Math.min(left, filling.room());
            filling.add(bytes, from, taken);
            from += taken;
            left -= taken;
            if (filling.room() == 0) {
                Chunk full = filling;
                filling = null;
                hand(full);
            }
        }
    }

    private void hand(Chunk chunk) throws IOException, InterruptedException {
        while (!queue.offer(chunk, LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
            throwIfBroken();
        }
        throwIfBroken();
    }

    private void throwIfBroken() throws IOException {
        IOException why = broken.get();
        if (why != null) {
            throw why instanceof LocationFault fault
                    ? new LocationFault(fault.reason(), fault.getMessage(), fault)
                    : new IOException(why.getMessage(), why);
        }
    }

    private void compress() {
        Framer framer = new Framer(sealer, fanOut, stored);
        try (OutputStream out = compression.onto(framer)) {
            try {
                compressInto(out);
            } catch (IOException | InterruptedException | RuntimeException e) {
                // What is closed now is not the end of the stream.
                framer.abandon();
                throw e;
            }
        } catch (IOException e) {
            broken.compareAndSet(null, e);
        } catch (InterruptedException e) {
            broken.compareAndSet(null, new IOException("given up", e));
        } catch (RuntimeException e) {
            broken.compareAndSet(null, new IOException("compressing: " + e, e));
        }
    }

    private void compressInto(OutputStream out) throws IOException, InterruptedException {
        while (true) {
            Chunk chunk = queue.poll(20, TimeUnit.MILLISECONDS);
            if (chunk != null) {
                try {
                    out.write(chunk.bytes(), 0, chunk.length());
                } finally {
                    chunk.release();
                }
            } else if (allGiven && queue.isEmpty()) {
                return;
            }
        }
    }

    /// Makes whoever waits for it come back with a failure.
    private void giveUp() {
        broken.compareAndSet(null, new IOException("given up"));
        compressor.interrupt();
        fanOut.giveUp();
    }

    /// Leaves nothing that was not published.
    @Override
    public void close() {
        ender.close();
        broken.compareAndSet(null, new IOException("given up"));
        compressor.interrupt();
        fanOut.close();
        try {
            compressor.join(LEAVING);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
