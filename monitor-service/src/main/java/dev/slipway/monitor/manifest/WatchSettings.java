package dev.slipway.monitor.manifest;

import java.time.Duration;

/// How strict a watch is.
///
/// @param batch how long one batch is: counts are judged once per batch, and a fault that fills a single batch
///     never rolls anything back
/// @param sourceDeadline how long the metrics may fail before the watch holds
/// @param alpha chance of calling back a candidate that is not worse, over the whole release
/// @param delta how much worse is harmless, as a rate
/// @param gate how much worse a candidate must look for a call-back, as a rate
/// @param margin how much worse a promoted candidate is shown not to be, as a rate
/// @param beta chance of promoting a candidate that is worse by just the margin, per step
public record WatchSettings(
        Duration batch, Duration sourceDeadline, double alpha, double delta, double gate, double margin, double beta) {
    public static final WatchSettings USUAL =
            new WatchSettings(Duration.ofSeconds(5), Duration.ofSeconds(15), .004, .005, .025, .025, .05);

    /// What the evidence for a call-back must reach, as a natural logarithm.
    public double rollbackBound() {
        return -Math.log(alpha);
    }

    /// What the evidence for going on must reach, as a natural logarithm.
    public double promoteBound() {
        return -Math.log(beta);
    }
}
