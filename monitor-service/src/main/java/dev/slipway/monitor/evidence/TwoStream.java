package dev.slipway.monitor.evidence;

/// The e-value both two-sample tests are made of. For an alternative `(b, c)` against its projection `p` on the
/// line "candidate = baseline + offset" every request multiplies the stake by the likelihood ratio of what it
/// showed:
///
/// | request | good | bad |
/// | --- | --- | --- |
/// | candidate | `(1−c)/(1−p−offset)` | `c/(p+offset)` |
/// | baseline | `(1−b)/(1−p)` | `b/p` |
///
/// so the log of the stake is linear in the four counts.
final class TwoStream {
    private TwoStream() {}

    static double logStake(Counts counts, double baseline, double candidate, double share, double offset) {
        double p = NullPoint.of(baseline, candidate, share, offset);
        double q = p + offset;
        return LogSum.term(counts.candidateErrors(), Math.log(candidate / q))
                + LogSum.term(
                        counts.candidateRequests() - counts.candidateErrors(), Math.log1p(-candidate) - Math.log1p(-q))
                + LogSum.term(counts.baselineErrors(), Math.log(baseline / p))
                + LogSum.term(
                        counts.baselineRequests() - counts.baselineErrors(), Math.log1p(-baseline) - Math.log1p(-p));
    }
}
