package dev.slipway.monitor.evidence;

import java.util.ArrayList;
import java.util.List;

/// What is known of a version from the hour before a release: how bad it gets by itself, and how much its bad
/// requests come in bursts.
///
/// @param requests all requests of the hour
/// @param errors those of them that were bad
/// @param worstRate the largest rate of bad requests of any five minutes of it
/// @param correlation how alike the requests of one batch are (intraclass correlation), 0 for independent ones
public record History(long requests, long errors, double worstRate, double correlation) {
    /// Nothing known: a rate of 1 % is taken for normal.
    public static final History UNKNOWN = new History(0, 0, .01, 0);

    /// What a candidate may be worse than the worst five minutes before it is called worse than history.
    private static final double ALLOWANCE = .01;

    /// Five minutes with fewer requests have no rate worth the name.
    private static final int FEWEST_REQUESTS = 100;

    private static final double LARGEST_PHI = 50;

    /// One batch of a version's past. @param block number of the five minutes it belongs to
    public record Batch(int block, long requests, long errors) {}

    /// Sums up the batches of the hour; [#UNKNOWN] when they hold too few requests.
    public static History of(List<Batch> batches) {
        long requests = batches.stream().mapToLong(Batch::requests).sum();
        long errors = batches.stream().mapToLong(Batch::errors).sum();
        if (requests < FEWEST_REQUESTS) {
            return UNKNOWN;
        }
        return new History(requests, errors, worstRate(batches, (double) errors / requests), correlation(batches));
    }

    /// Mean rate of bad requests; what is taken for normal when nothing is known.
    public double mean() {
        return requests == 0 ? worstRate : (double) errors / requests;
    }

    /// The highest rate that is not held against a candidate.
    public double limit() {
        return worstRate + ALLOWANCE;
    }

    /// The overdispersion of a stream with this correlation, 1 … 50: by how much the variance of a batch's
    /// errors exceeds that of independent requests.
    ///
    /// @param requestsPerBatch mean requests of the candidate in one batch
    public double phi(double requestsPerBatch) {
        return Math.clamp(1 + (requestsPerBatch - 1) * correlation, 1, LARGEST_PHI);
    }

    private static double worstRate(List<Batch> batches, double mean) {
        List<Batch> blocks = new ArrayList<>();
        for (Batch batch : batches) {
            Batch last = blocks.isEmpty() ? null : blocks.getLast();
            if (last != null && last.block == batch.block) {
                blocks.removeLast();
                blocks.add(new Batch(batch.block, last.requests + batch.requests, last.errors + batch.errors));
            } else {
                blocks.add(batch);
            }
        }
        return blocks.stream()
                .filter(block -> block.requests >= FEWEST_REQUESTS)
                .mapToDouble(block -> (double) block.errors / block.requests)
                .reduce(mean, Math::max);
    }

    /// Pearson's chi-square per degree of freedom over the batches, `chi`, is 1 for independent requests. Only
    /// a `chi` that stands out from its own noise (two standard deviations, `1 + 2·sqrt(2/(b−1))`) is taken for
    /// correlation `(chi−1)/(mean requests per batch − 1)`.
    private static double correlation(List<Batch> batches) {
        List<Batch> busy = batches.stream().filter(batch -> batch.requests > 0).toList();
        double requests = busy.stream().mapToLong(Batch::requests).sum();
        double errors = busy.stream().mapToLong(Batch::errors).sum();
        double squares = busy.stream()
                .mapToDouble(batch -> (double) batch.errors * batch.errors / batch.requests)
                .sum();
        double rate = errors / requests;
        double perBatch = requests / busy.size();
        int degrees = busy.size() - 1;
        if (degrees < 1 || rate <= 0 || rate >= 1 || perBatch <= 1) {
            return 0;
        }
        double chi = (squares - errors * errors / requests) / (rate * (1 - rate) * degrees);
        return chi > 1 + 2 * Math.sqrt(2.0 / degrees) ? (chi - 1) / (perBatch - 1) : 0;
    }
}
