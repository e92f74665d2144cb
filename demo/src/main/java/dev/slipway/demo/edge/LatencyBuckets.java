package dev.slipway.demo.edge;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;

/// The upper bounds of the latency histogram: 1 ms to 16 s, seven in each octave, so that neighbours are 10.4 % apart.
final class LatencyBuckets {
    private static final int PER_OCTAVE = 7;
    private static final int OCTAVES = 14;
    private static final MathContext DIGITS = new MathContext(6);

    private static final String[] LABELS = new String[OCTAVES * PER_OCTAVE + 1];
    private static final double[] SECONDS = new double[LABELS.length];

    static {
        for (int i = 0; i < LABELS.length; i++) {
            BigDecimal bound = BigDecimal.valueOf(0.001 * Math.pow(2, (double) i / PER_OCTAVE))
                    .round(DIGITS)
                    .stripTrailingZeros();
            LABELS[i] = bound.toPlainString();
            SECONDS[i] = bound.doubleValue();
        }
    }

    private LatencyBuckets() {}

    /// Number of bounds; the bucket after the last one has none (`+Inf`).
    static int count() {
        return SECONDS.length;
    }

    static double seconds(int bucket) {
        return SECONDS[bucket];
    }

    static String label(int bucket) {
        return LABELS[bucket];
    }

    /// @return the first bucket whose bound is not below the value; [#count] when there is none
    static int of(double seconds) {
        int found = Arrays.binarySearch(SECONDS, seconds);
        return found >= 0 ? found : -found - 1;
    }
}
