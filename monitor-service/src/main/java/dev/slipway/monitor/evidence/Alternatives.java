package dev.slipway.monitor.evidence;

/// The fixed grid of alternatives all tests bet on. A bet is placed on every point with the same weight; the
/// true rates need not be on the grid, only near a point of it.
final class Alternatives {
    /// Rates of the baseline, from "almost never" to "mostly bad".
    private static final double[] BASELINE = {
        1e-5, 1e-4, 3e-4, 1e-3, 2e-3, 5e-3, .01, .02, .035, .05, .075, .1, .15, .2, .3, .4, .5, .6, .7, .8
    };

    /// By how much the candidate is worse.
    private static final double[] WORSE_BY = {.02, .05, .1, .2, .4, .8};

    private static final double HIGHEST = .98;

    private Alternatives() {}

    static double[] baselineRates() {
        return BASELINE.clone();
    }

    static double[] worseBy() {
        return WORSE_BY.clone();
    }

    /// A grid point's rate cannot exceed 98 %; the tolerance is for the rounding of the sum.
    static boolean isRate(double rate) {
        return rate <= HIGHEST + 1e-12;
    }
}
