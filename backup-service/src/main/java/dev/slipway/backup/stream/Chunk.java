package dev.slipway.backup.stream;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/// A stretch of a stream in a borrowed buffer, which goes back when its last holder let go of it.
final class Chunk {
    private final byte[] bytes;
    private final Buffers from;
    private final AtomicInteger holders = new AtomicInteger(1);
    private int length;

    Chunk(byte[] bytes, Buffers from) {
        this.bytes = bytes;
        this.from = from;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    int room() {
        return bytes.length - length;
    }

    /// Adds bytes; there must be room for them.
    void add(byte[] more, int offset, int count) {
        System.arraycopy(more, offset, bytes, length, count);
        length += count;
    }

    /// Says how many of the bytes count, after they were written in place.
    Chunk filled(int count) {
        length = count;
        return this;
    }

    /// What it holds, as a view of the holder's own.
    ByteBuffer view() {
        return ByteBuffer.wrap(bytes, 0, length).asReadOnlyBuffer();
    }

    void hold() {
        holders.incrementAndGet();
    }

    void release() {
        if (holders.decrementAndGet() == 0) {
            from.giveBack(bytes);
        }
    }
}
