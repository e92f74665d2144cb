package dev.slipway.monitor.evidence;

import java.util.stream.DoubleStream;

/// Sums of numbers of which only the logarithms are kept, without overflow.
final class LogSum {
    private LogSum() {}

    /// `ln(sum of exp(term))`; negative infinity for no terms.
    static double of(double... terms) {
        double largest = DoubleStream.of(terms).max().orElse(Double.NEGATIVE_INFINITY);
        if (Double.isInfinite(largest)) {
            return largest;
        }
        double sum = 0;
        for (double term : terms) {
            sum += Math.exp(term - largest);
        }
        return largest + Math.log(sum);
    }

    /// `count · logFactor`, where nothing counted adds nothing even if the factor is 0 or infinite.
    static double term(long count, double logFactor) {
        return count == 0 ? 0 : count * logFactor;
    }
}
