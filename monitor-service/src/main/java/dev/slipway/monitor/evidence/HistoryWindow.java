package dev.slipway.monitor.evidence;

import java.util.Arrays;

/// Evidence that a candidate is worse than history, for where no baseline runs beside it: after 100 % and for a
/// first release.
///
/// The hypothesis it argues against: the true rate of bad requests stays at or below `limit`. Alternatives are
/// `limit + D ≤ 0.98`, weighed equally; each request multiplies a stake by the likelihood ratio against
/// `limit`:
///
/// `E = mean over alternatives a of (a/limit)^bad · ((1−a)/(1−limit))^good`, each to the power `1/phi`.
///
/// The promise is only as good as the limit: an outage elsewhere is blamed on the candidate.
public final class HistoryWindow {
    private HistoryWindow() {}

    /// @param requests what the candidate answered
    /// @param errors those of them that were bad
    /// @param limit the highest harmless rate, above 0 and below 1
    /// @param phi overdispersion, at least 1
    /// @return natural log of the e-value; 0 when the limit is so high that nothing worse can be named
    public static double logE(long requests, long errors, double limit, double phi) {
        double[] stakes = Arrays.stream(Alternatives.worseBy())
                .map(worseBy -> limit + worseBy)
                .filter(Alternatives::isRate)
                .map(rate -> (LogSum.term(errors, Math.log(rate / limit))
                                + LogSum.term(requests - errors, Math.log1p(-rate) - Math.log1p(-limit)))
                        / phi)
                .toArray();
        return stakes.length == 0 ? 0 : LogSum.of(stakes) - Math.log(stakes.length);
    }
}
