package dev.slipway.trials.events;

import dev.slipway.events.WatchCounts;
import dev.slipway.events.WatchHeld;
import java.util.UUID;

/// One thing said in a round.
///
/// @param number counts from 0 in each round
/// @param due when it was to be said, which is before it was said when who says it is late ([System#nanoTime])
record Word(int number, long due) {
    /// Keys keep their order, so there are as many as a busy suite has releases under way.
    private static final int RELEASES = 200;

    UUID release() {
        return new UUID(0x7000L, number % RELEASES);
    }

    String key() {
        return release().toString();
    }

    /// An event of the usual size, the same on both ways.
    WatchHeld event() {
        return new WatchHeld(
                release(),
                "bench",
                "bench/production",
                new UUID(0x7000L, number),
                new WatchCounts(1_000, 10, 1_000, 10),
                Integer.toString(number));
    }
}
