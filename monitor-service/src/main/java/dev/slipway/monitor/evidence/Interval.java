package dev.slipway.monitor.evidence;

/// Bounds to show beside a rate, good at every moment at once; nothing is decided by them.
///
/// For a proportion it is the set of rates `p` that Robbins' beta mixture has not excluded:
///
/// `ln B(½+e, ½+n−e) − ln B(½, ½) − e·ln p − (n−e)·ln(1−p) < ln(1/alpha)`,
///
/// that is, the rates against which a bettor with a Beta(½, ½) prior has not yet made `1/alpha` of the stake.
/// The set is an interval around `e/n`; its ends are found by bisection.
///
/// @param lower as a rate
/// @param upper as a rate
public record Interval(double lower, double upper) {
    private static final double PRIOR = .5;
    private static final int HALVINGS = 200;

    /// The rates that `errors` of `requests` leave possible with a chance of error of at most `alpha` over all
    /// time.
    public static Interval ofProportion(long requests, long errors, double alpha) {
        double seen = requests == 0 ? .5 : (double) errors / requests;
        double lower = errors == 0 ? 0 : end(requests, errors, alpha, 0, seen);
        double upper = errors == requests ? 1 : end(requests, errors, alpha, 1, seen);
        return new Interval(lower, upper);
    }

    /// Bounds of "candidate's rate minus baseline's rate": each side's interval with half of `alpha`.
    public static Interval ofDifference(Counts counts, double alpha) {
        Interval candidate = ofProportion(counts.candidateRequests(), counts.candidateErrors(), alpha / 2);
        Interval baseline = ofProportion(counts.baselineRequests(), counts.baselineErrors(), alpha / 2);
        return new Interval(candidate.lower - baseline.upper, candidate.upper - baseline.lower);
    }

    private static double end(long requests, long errors, double alpha, double excluded, double possible) {
        double outside = excluded;
        double inside = possible;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = .5 * (outside + inside);
            if (middle == outside || middle == inside) {
                break;
            }
            if (logAgainst(requests, errors, middle) < -Math.log(alpha)) {
                inside = middle;
            } else {
                outside = middle;
            }
        }
        return .5 * (outside + inside);
    }

    private static double logAgainst(long requests, long errors, double rate) {
        return LogGamma.beta(PRIOR + errors, PRIOR + (requests - errors))
                - LogGamma.beta(PRIOR, PRIOR)
                - LogSum.term(errors, Math.log(rate))
                - LogSum.term(requests - errors, Math.log1p(-rate));
    }
}
