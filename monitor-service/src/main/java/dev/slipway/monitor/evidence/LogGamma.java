package dev.slipway.monitor.evidence;

/// The logarithm of the gamma function, which the JDK does not have: Stirling's series beyond 15, below it the
/// recurrence `Γ(x) = Γ(x+1)/x`. Good to about 1e-15 relative.
final class LogGamma {
    private static final double SERIES_FROM = 15;
    private static final double HALF_LOG_TWO_PI = .5 * Math.log(2 * Math.PI);

    /// Coefficients of `1/x, 1/x³, 1/x⁵ …`: Bernoulli numbers `B(2k) / (2k(2k−1))`.
    private static final double[] STIRLING = {
        1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156
    };

    private LogGamma() {}

    /// `ln Γ(x)` for `x > 0`.
    static double of(double x) {
        double product = 1;
        double shifted = x;
        while (shifted < SERIES_FROM) {
            product *= shifted;
            shifted++;
        }
        double squared = 1 / (shifted * shifted);
        double series = 0;
        for (int k = STIRLING.length - 1; k >= 0; k--) {
            series = series * squared + STIRLING[k];
        }
        return (shifted - .5) * Math.log(shifted) - shifted + HALF_LOG_TWO_PI + series / shifted - Math.log(product);
    }

    /// `ln B(a, b)`, the beta function.
    static double beta(double a, double b) {
        return of(a) + of(b) - of(a + b);
    }
}
