package dev.slipway.backup.stream;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// A fixed number of buffers that go round: however long the stream is, it takes no more memory than these.
final class Buffers {
    private final BlockingQueue<byte[]> free;

    Buffers(int count, int bytes) {
        free = new ArrayBlockingQueue<>(count);
        for (int i = 0; i < count; i++) {
            free.add(new byte[bytes]);
        }
    }

    /// An empty one, for as many holders.
    Chunk take() throws InterruptedException {
        return new Chunk(free.take(), this);
    }

    void giveBack(byte[] bytes) {
        free.add(bytes);
    }
}
