package dev.slipway.suite.process;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// A moment of real time by which something must have happened. Other processes don't follow a clock that tests turn,
/// so waiting for them is done by looking again until the deadline, on the monotonic clock.
public final class Deadline {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final long end;

    private Deadline(long end) {
        this.end = end;
    }

    public static Deadline in(Duration limit) {
        return new Deadline(System.nanoTime() + limit.toNanos());
    }

    public boolean passed() {
        return System.nanoTime() - end >= 0;
    }

    /// What is left, zero when it has passed.
    public Duration left() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    /// Looks until the condition holds or the deadline has passed.
    ///
    /// @return whether the condition held; false at once when the thread is interrupted (the flag stays set)
    public boolean await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (passed()) {
                return false;
            }
            try {
                Thread.sleep(LOOK_AGAIN);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
