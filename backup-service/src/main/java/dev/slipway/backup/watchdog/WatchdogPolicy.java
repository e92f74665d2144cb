package dev.slipway.backup.watchdog;

import static java.util.Objects.requireNonNull;

import dev.slipway.backup.ledger.ProofKind;
import java.time.Duration;

/// What the watchdog of one database barks at.
///
/// @param maxAge how old the newest backup may be that was proved by `proof`, or better
/// @param longestPause how long a schedule may be paused before somebody is reminded
public record WatchdogPolicy(Duration maxAge, ProofKind proof, Duration longestPause) {
    /// A daily backup and two hours for it to be late.
    public static final WatchdogPolicy USUAL =
            new WatchdogPolicy(Duration.ofHours(26), ProofKind.READBACK, Duration.ofDays(3));

    public WatchdogPolicy {
        requireNonNull(proof, "proof");
        if (!maxAge.isPositive() || !longestPause.isPositive()) {
            throw new IllegalArgumentException("a watchdog waits for some time: " + maxAge + ", " + longestPause);
        }
    }
}
