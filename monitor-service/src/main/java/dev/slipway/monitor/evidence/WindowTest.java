package dev.slipway.monitor.evidence;

/// What is asked of every window of a [WindowMixture].
public sealed interface WindowTest {
    /// Natural log of the e-value of a window with these counts.
    double logE(Counts counts);

    /// By how much the candidate looks worse in it, as a rate: what the gate measures.
    double excess(Counts counts);

    /// Beside a running baseline: [RollbackWindow] with the window's own share.
    record AgainstBaseline(double delta, double phi) implements WindowTest {
        @Override
        public double logE(Counts counts) {
            return RollbackWindow.logE(counts, delta, phi);
        }

        @Override
        public double excess(Counts counts) {
            return counts.difference();
        }
    }

    /// Against history: [HistoryWindow].
    ///
    /// @param limit the highest harmless rate
    /// @param mean history's mean rate, which the gate compares with
    record AgainstHistory(double limit, double mean, double phi) implements WindowTest {
        @Override
        public double logE(Counts counts) {
            return HistoryWindow.logE(counts.candidateRequests(), counts.candidateErrors(), limit, phi);
        }

        @Override
        public double excess(Counts counts) {
            return counts.candidateRate() - mean;
        }
    }
}
