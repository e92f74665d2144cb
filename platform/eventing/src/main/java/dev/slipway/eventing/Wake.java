package dev.slipway.eventing;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Wakes a waiting loop; several calls while it works wake it once.
final class Wake {
    private final Semaphore permits = new Semaphore(0);

    void signal() {
        if (permits.availablePermits() == 0) {
            permits.release();
        }
    }

    /// Returns when signalled or when the time is over.
    void await(Duration longest) throws InterruptedException {
        if (permits.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            permits.drainPermits();
        }
    }
}
