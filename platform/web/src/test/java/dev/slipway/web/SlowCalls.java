package dev.slipway.web;

import jakarta.inject.Singleton;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/// Lets calls stand until they are let go.
@Singleton
public class SlowCalls {
    private final Semaphore callers = new Semaphore(0);
    private final CountDownLatch end = new CountDownLatch(1);

    void stand() throws InterruptedException {
        callers.release();
        end.await();
    }

    void awaitCallers(int count) throws InterruptedException {
        callers.acquire(count);
    }

    void letGo() {
        end.countDown();
    }
}
