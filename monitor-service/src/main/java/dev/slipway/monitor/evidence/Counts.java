package dev.slipway.monitor.evidence;

/// Requests and bad requests of candidate and baseline over one stretch of time, as cumulative totals or as the
/// difference of two of them.
///
/// @param candidateRequests requests the candidate answered
/// @param candidateErrors those of them that were bad; never more than the requests
/// @param baselineRequests requests the baseline answered; 0 where nothing runs beside the candidate
/// @param baselineErrors those of them that were bad
public record Counts(long candidateRequests, long candidateErrors, long baselineRequests, long baselineErrors) {
    public static final Counts NONE = new Counts(0, 0, 0, 0);

    public Counts {
        if (candidateErrors < 0
                || candidateErrors > candidateRequests
                || baselineErrors < 0
                || baselineErrors > baselineRequests) {
            throw new IllegalArgumentException(
                    "not counts of bad among all requests: candidate %d of %d, baseline %d of %d"
                            .formatted(candidateErrors, candidateRequests, baselineErrors, baselineRequests));
        }
    }

    public Counts plus(Counts more) {
        return new Counts(
                candidateRequests + more.candidateRequests,
                candidateErrors + more.candidateErrors,
                baselineRequests + more.baselineRequests,
                baselineErrors + more.baselineErrors);
    }

    /// What was added since an earlier cumulative total.
    public Counts since(Counts earlier) {
        return new Counts(
                candidateRequests - earlier.candidateRequests,
                candidateErrors - earlier.candidateErrors,
                baselineRequests - earlier.baselineRequests,
                baselineErrors - earlier.baselineErrors);
    }

    public Counts withCandidateErrors(long errors) {
        return new Counts(candidateRequests, errors, baselineRequests, baselineErrors);
    }

    /// The candidate's share of all requests, 0 … 1; 0 when there are none.
    public double candidateShare() {
        return rate(candidateRequests, candidateRequests + baselineRequests);
    }

    /// Bad requests of the candidate per request, 0 … 1; 0 when there are none.
    public double candidateRate() {
        return rate(candidateErrors, candidateRequests);
    }

    /// Bad requests of the baseline per request, 0 … 1; 0 when there are none.
    public double baselineRate() {
        return rate(baselineErrors, baselineRequests);
    }

    /// By how much more of the candidate's requests are bad, −1 … 1 (0.05 is 5 percentage points).
    public double difference() {
        return candidateRate() - baselineRate();
    }

    private static double rate(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
