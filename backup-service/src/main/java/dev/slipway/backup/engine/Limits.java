package dev.slipway.backup.engine;

import java.time.Duration;

/// How long work on somebody's database may take.
///
/// @param connect until the server answered
/// @param lockWait for a table that somebody holds: a waiting dump makes others wait behind it
/// @param total for one capture, one reading back or one restore
public record Limits(Duration connect, Duration lockWait, Duration total) {
    public Limits {
        if (!connect.isPositive() || !lockWait.isPositive() || !total.isPositive()) {
            throw new IllegalArgumentException(
                    "limits are positive: connect %s, lock wait %s, total %s".formatted(connect, lockWait, total));
        }
    }
}
