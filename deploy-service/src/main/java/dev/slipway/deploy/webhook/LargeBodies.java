package dev.slipway.deploy.webhook;

import dev.slipway.web.Problem;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Keeps large bodies from filling the memory together: a delivery has some ten kilobytes and may have 25 megabytes. A
/// small body never waits for a large one, so nobody can shut the door by sending slowly.
@Singleton
final class LargeBodies {
    private static final long SMALL = 1 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Semaphore room = new Semaphore(1, true);

    /// @param length as announced; null when the sender does not say
    /// @throws Problem 503 when there was no room in time
    <T> T oneAtATime(@Nullable Long length, Supplier<T> work) {
        if (length != null && length <= SMALL) {
            return work.get();
        }
        enter();
        try {
            return work.get();
        } finally {
            room.release();
        }
    }

    private void enter() {
        try {
            if (room.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        throw Problem.unavailable("Too many large deliveries at once.", PATIENCE);
    }
}
