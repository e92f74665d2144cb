package dev.slipway.suite.process;

import java.time.Duration;

/// How a program that died is started again: delays that double up to a longest one, a bounded number of times in a
/// row.
///
/// @param first delay before the first restart
/// @param longest no delay is longer
/// @param restarts restarts in a row before giving up; the row ends when a process stays ready for `stable`
/// @param stable how long a process must have been ready to count as well
/// @param readyWithin how long a process may take to be ready
public record BackOff(Duration first, Duration longest, int restarts, Duration stable, Duration readyWithin) {
    public static BackOff standard(Duration readyWithin) {
        return new BackOff(Duration.ofMillis(500), Duration.ofSeconds(15), 10, Duration.ofMinutes(1), readyWithin);
    }

    /// The delay before the given restart in a row, counted from 1.
    public Duration before(int restart) {
        Duration delay = first.multipliedBy(1L << Math.min(restart - 1, 16));
        return delay.compareTo(longest) < 0 ? delay : longest;
    }
}
