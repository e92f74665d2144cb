package dev.slipway.monitor.evidence;

import java.util.Arrays;

/// Evidence that a candidate is *not* worse than its baseline by a margin: the mirror of [RollbackWindow].
///
/// The hypothesis it argues against: the candidate's rate of bad requests is at least the baseline's plus
/// `margin`. Alternatives are the 20 points "both have the rate q" with `q+margin ≤ 1`, weighed equally. A
/// candidate that is worse by exactly the margin shows `E ≥ 1/beta` with a chance of at most `beta` (Ville),
/// one that is clearly worse with far less.
///
/// With no baseline requests at all the test says that the candidate's own rate is below the margin.
public final class PromoteWindow {
    private PromoteWindow() {}

    /// @param counts what the window saw, never capped: here an error must count in full
    /// @param share the candidate's share of the requests, 0 … 1
    /// @param margin by how much worse a candidate must be excluded to be, as a rate (0.025 is 2.5 percentage
    ///     points)
    /// @param phi overdispersion, at least 1
    /// @return natural log of the e-value; 0 when the candidate saw no request
    public static double logE(Counts counts, double share, double margin, double phi) {
        if (counts.candidateRequests() == 0) {
            return 0;
        }
        double[] stakes = Arrays.stream(Alternatives.baselineRates())
                .filter(rate -> rate + margin <= 1)
                .map(rate -> TwoStream.logStake(counts, rate, rate, share, margin) / phi)
                .toArray();
        return LogSum.of(stakes) - Math.log(stakes.length);
    }

    /// With the window's own share.
    public static double logE(Counts counts, double margin, double phi) {
        return logE(counts, counts.candidateShare(), margin, phi);
    }
}
