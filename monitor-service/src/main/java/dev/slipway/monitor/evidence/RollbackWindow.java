package dev.slipway.monitor.evidence;

import java.util.Arrays;

/// Evidence that a candidate is worse than the baseline beside it.
///
/// The hypothesis it argues against: at every moment the candidate's rate of bad requests is at most the
/// baseline's plus `delta`. Both may drift as they like; what is common to both cancels. Alternatives are the
/// 109 points `(b, b+D)` of the grid with `b+D ≤ 0.98` and `D > delta`, weighed equally:
///
/// `E = mean over alternatives of exp(log stake / phi)`
///
/// with the stakes of a two-sample e-variable (Turner and Grünwald). By Ville's inequality the chance that a
/// candidate that is *not* worse ever shows `E ≥ 1/alpha` is at most `alpha`. Dividing by `phi ≥ 1` only lowers
/// the evidence.
public final class RollbackWindow {
    private RollbackWindow() {}

    /// @param counts what the window saw
    /// @param share the candidate's share of the requests, 0 … 1; usually the window's own, so that a router
    ///     that doesn't keep to its weights misleads nobody
    /// @param delta how much worse is still harmless, as a rate (0.005 is half a percentage point), 0 … 0.02
    /// @param phi overdispersion, at least 1
    /// @return natural log of the e-value; 0 (no evidence either way) when one side saw no request
    public static double logE(Counts counts, double share, double delta, double phi) {
        if (counts.candidateRequests() == 0 || counts.baselineRequests() == 0) {
            return 0;
        }
        double[] stakes = Arrays.stream(Alternatives.worseBy())
                .filter(worseBy -> worseBy > delta)
                .flatMap(worseBy -> Arrays.stream(Alternatives.baselineRates())
                        .filter(baseline -> Alternatives.isRate(baseline + worseBy))
                        .map(baseline -> TwoStream.logStake(counts, baseline, baseline + worseBy, share, delta) / phi))
                .toArray();
        return LogSum.of(stakes) - Math.log(stakes.length);
    }

    /// With the window's own share.
    public static double logE(Counts counts, double delta, double phi) {
        return logE(counts, counts.candidateShare(), delta, phi);
    }
}
