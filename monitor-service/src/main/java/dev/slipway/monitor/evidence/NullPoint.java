package dev.slipway.monitor.evidence;

/// The point of a two-sample null hypothesis that is hardest to tell from an alternative: its projection.
///
/// The hypothesis is the line "the candidate's rate is the baseline's rate plus `offset`". For an alternative
/// with the rates `(baseline, candidate)` and a candidate that gets the share `w` of the requests, the
/// projection is the baseline rate `p` that minimises
///
/// `(1−w)·KL(baseline ‖ p) + w·KL(candidate ‖ p+offset)`,
///
/// the root of its derivative, which grows with `p` between `baseline` and `candidate−offset`:
///
/// `(1−w)·(p−baseline) / (p(1−p)) + w·(p+offset−candidate) / ((p+offset)(1−p−offset))`.
///
/// Betting against that point makes the bet fair on it and unfavourable everywhere else in the hypothesis,
/// whatever the rates do over time. The construction is the two-sample e-variable of Turner and Grünwald, here
/// for requests that are dealt to the two sides at random.
final class NullPoint {
    /// Halvings after which an interval of width 1 is far below the resolution of a double.
    private static final int HALVINGS = 100;

    private NullPoint() {}

    /// The baseline rate of the projection, 0 … 1−offset.
    ///
    /// @param share the candidate's share `w` of the requests, 0 … 1
    static double of(double baseline, double candidate, double share, double offset) {
        double low = Math.max(0, Math.min(baseline, candidate - offset));
        double high = Math.min(1 - offset, Math.max(baseline, candidate - offset));
        for (int i = 0; i < HALVINGS; i++) {
            double middle = .5 * (low + high);
            if (middle <= low || middle >= high) {
                break;
            }
            if (slope(middle, baseline, candidate, share, offset) < 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return .5 * (low + high);
    }

    private static double slope(double p, double baseline, double candidate, double share, double offset) {
        double q = p + offset;
        return (1 - share) * (p - baseline) / (p * (1 - p)) + share * (q - candidate) / (q * (1 - q));
    }
}
