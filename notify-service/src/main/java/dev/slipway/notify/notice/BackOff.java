package dev.slipway.notify.notice;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.UUID;

/// How long to wait between attempts: doubles from the first wait to the longest, up to a quarter less or more, so that
/// what failed together does not come back together. The same notice waits the same, whoever asks.
///
/// @param first after the first attempt
/// @param longest between any two attempts, before the spread
public record BackOff(Duration first, Duration longest) {
    private static final int MOST_DOUBLINGS = 20;

    public BackOff {
        if (!first.isPositive() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("no back-off from %s to %s".formatted(first, longest));
        }
    }

    /// @param attempts how many there were, at least one
    Duration after(int attempts, UUID notice) {
        long doubled = first.toMillis() << Math.min(attempts - 1, MOST_DOUBLINGS);
        long wait = Math.min(longest.toMillis(), doubled);
        double spread = new SplittableRandom(notice.hashCode() * 31L + attempts).nextDouble(0.75, 1.25);
        return Duration.ofMillis(Math.round(wait * spread));
    }
}
