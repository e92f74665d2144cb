package dev.slipway.monitor.evidence;

import java.util.Comparator;
import java.util.List;

/// The weighted sum of the e-values of windows that start at different batches. A fault that appears late is
/// diluted in an old window and stands out in a young one. A weighted sum of e-values whose weights add up to
/// at most 1 is an e-value again.
///
/// Three things only ever lower it, so they keep it valid:
/// - **cap**: a window's worst batches count as the next worst one (an error turned into a success lowers every
///   stake);
/// - **guard**: a window without candidate requests, or with fewer than two errors after capping, says nothing;
/// - **gate**: in the sum that decides, only windows count in which the candidate looks worse by at least the
///   gate.
///
/// @param logGated natural log of the sum over the windows that pass the gate: what a rollback is decided by
/// @param logUngated the same without the gate: what shows a fault too small to roll back for
/// @param leading what the window saw that says most, with nothing capped; the whole step where none says
///     anything
public record WindowMixture(double logGated, double logUngated, Counts leading) {
    private static final int FEWEST_ERRORS = 2;

    /// @param batches cumulative counts at the end of each batch of one traffic step, oldest first
    /// @param windows those that start after the last batch are left out
    /// @param gate smallest excess that counts, as a rate (0.025 is 2.5 percentage points)
    public static WindowMixture of(List<Counts> batches, List<Window> windows, WindowTest test, double gate) {
        List<Term> terms = windows.stream()
                .filter(window -> window.from() < batches.size())
                .map(window -> term(batches, window, test, gate))
                .toList();
        return new WindowMixture(
                LogSum.of(terms.stream().mapToDouble(Term::gated).toArray()),
                LogSum.of(terms.stream().mapToDouble(Term::ungated).toArray()),
                terms.stream()
                        .max(Comparator.comparingDouble(Term::gated).thenComparingDouble(Term::ungated))
                        .map(term -> since(batches, term.window()))
                        .orElse(batches.isEmpty() ? Counts.NONE : batches.getLast()));
    }

    /// The logarithm of a window's part in both sums.
    private record Term(Window window, double gated, double ungated) {}

    private static Term term(List<Counts> batches, Window window, WindowTest test, double gate) {
        Counts counts = capped(batches, window);
        if (counts.candidateErrors() < FEWEST_ERRORS) {
            return new Term(window, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY);
        }
        double weighed = Math.log(window.weight()) + test.logE(counts);
        return new Term(window, test.excess(counts) >= gate ? weighed : Double.NEGATIVE_INFINITY, weighed);
    }

    private static Counts before(List<Counts> batches, Window window) {
        return window.from() == 0 ? Counts.NONE : batches.get(window.from() - 1);
    }

    private static Counts since(List<Counts> batches, Window window) {
        return batches.getLast().since(before(batches, window));
    }

    private static Counts capped(List<Counts> batches, Window window) {
        long[] worst = new long[window.cap() + 1];
        Counts previous = before(batches, window);
        for (Counts batch : batches.subList(window.from(), batches.size())) {
            insert(worst, batch.candidateErrors() - previous.candidateErrors());
            previous = batch;
        }
        Counts whole = since(batches, window);
        long tooMany = 0;
        for (long errors : worst) {
            tooMany += errors - worst[window.cap()];
        }
        return whole.withCandidateErrors(whole.candidateErrors() - tooMany);
    }

    /// Keeps the largest values seen, in falling order.
    private static void insert(long[] largest, long value) {
        long carried = value;
        for (int i = 0; i < largest.length; i++) {
            if (carried > largest[i]) {
                long smaller = largest[i];
                largest[i] = carried;
                carried = smaller;
            }
        }
    }
}
