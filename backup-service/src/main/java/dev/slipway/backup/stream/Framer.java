package dev.slipway.backup.stream;

import dev.slipway.backup.vault.Sealer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// Cuts a stream into frames, seals them where there is a key, hashes what will be stored and fans it out.
final class Framer extends OutputStream {
    private final @Nullable Sealer sealer;
    private final FanOut fanOut;
    private final Digest stored;
    private final byte[] plain;
    private int length;
    private boolean begun;
    private boolean ended;

    Framer(@Nullable Sealer sealer, FanOut fanOut, Digest stored) {
        this.sealer = sealer;
        this.fanOut = fanOut;
        this.stored = stored;
        this.plain = new byte[sealer == null ? Sealer.STORED_BYTES : Sealer.PLAIN_BYTES];
    }

    @Override
    public void write(int single) throws IOException {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        int from = offset;
        int left = ended ? 0 : count;
        while (left > 0) {
            // A full frame waits for the first byte after it: only then it is known not to be the last.
            if (length == plain.length) {
                frame(false);
            }
            int taken = Math.min(left, plain.length - length);
            System.arraycopy(bytes, from, plain, length, taken);
            length += taken;
            from += taken;
            left -= taken;
        }
    }

    /// Gives the stream up: whatever is still written goes nowhere.
    void abandon() {
        ended = true;
    }

    /// Ends the stream with its last frame.
    @Override
    public void close() throws IOException {
        if (!ended) {
            ended = true;
            frame(true);
        }
    }

    private void frame(boolean last) throws IOException {
        try {
            if (!begun && sealer != null) {
                byte[] header = sealer.header();
                Chunk chunk = fanOut.take();
                chunk.add(header, 0, header.length);
                give(chunk);
            }
            begun = true;
            Chunk chunk = fanOut.take();
            if (sealer == null) {
                chunk.add(plain, 0, length);
            } else {
                chunk.filled(sealer.seal(plain, length, last, chunk.bytes()));
            }
            give(chunk);
            length = 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }

    private void give(Chunk chunk) throws IOException, InterruptedException {
        stored.add(chunk.bytes(), 0, chunk.length());
        fanOut.give(chunk);
    }
}
