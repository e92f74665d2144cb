package dev.slipway.backup.stream;

import java.time.Duration;

/// How long a dump waits for a location. While it waits, its snapshot keeps the server from cleaning up after every
/// change of every table.
///
/// @param stall a location that takes nothing for so long is cut off
/// @param patience what all waiting for one location may add up to; beyond it, the location is cut off where the
///     others are enough
/// @param finish until what was written is safe, after the last byte was handed over
public record Pace(Duration stall, Duration patience, Duration finish) {
    public Pace {
        if (!stall.isPositive() || !patience.isPositive() || !finish.isPositive()) {
            throw new IllegalArgumentException(
                    "limits are positive: stall %s, patience %s, finish %s".formatted(stall, patience, finish));
        }
    }
}
