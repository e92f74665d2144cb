package dev.slipway.web;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Lets calls stand until they are let go.
@Singleton
public class SlowCalls {
    private final Semaphore callers = new Semaphore(0);
    private volatile CountDownLatch end = new CountDownLatch(1);

    void stand() throws InterruptedException {
        callers.release();
        end.await();
    }

    /// Tells again and again that it is there, until nobody listens.
    void stream(OutputStream out) throws IOException {
        try {
            callers.release();
            do {
                out.write("data: here\n\n".getBytes(StandardCharsets.UTF_8));
                out.flush();
            } while (!end.await(20, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    void awaitCallers(int count) throws InterruptedException {
        callers.acquire(count);
    }

    /// Those who come later stand again.
    void letGo() {
        CountDownLatch now = end;
        end = new CountDownLatch(1);
        now.countDown();
    }
}
