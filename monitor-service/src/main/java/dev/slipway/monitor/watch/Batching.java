package dev.slipway.monitor.watch;

import dev.slipway.monitor.evidence.Counts;
import dev.slipway.monitor.sample.Sample;
import dev.slipway.monitor.sample.Tally;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Cuts a log of samples into batches. Pure: the same samples give the same batches, all at once or bit by bit.
///
/// A batch starts and ends with a sample and is at least as long as asked for; after missed samples it is
/// longer, and loses nothing, because counters are cumulative. The first sample at or after the start begins
/// the first whole batch: what happened before it may have been under other weights.
///
/// @param baseline nothing where there is none
record Batching(String candidate, @Nullable String baseline, Duration length) {

    /// The batches that follow `last`, completed by these samples.
    ///
    /// @param samples oldest first, from the one that ended `last` on, or from the step's start on
    List<Batch> after(Optional<Batch> last, List<Sample.Taken> samples) {
        List<Batch> batches = new ArrayList<>();
        if (samples.isEmpty()) {
            return batches;
        }
        int number = last.map(Batch::number).orElse(0);
        Counts total = last.map(Batch::total).orElse(Counts.NONE);
        Sample.Taken previous = samples.getFirst();
        Instant start = previous.at();
        for (Sample.Taken sample : samples.subList(1, samples.size())) {
            total = total.plus(added(previous, sample));
            previous = sample;
            if (Duration.between(start, sample.at()).compareTo(length) >= 0) {
                batches.add(new Batch(++number, start, sample.at(), total));
                start = sample.at();
            }
        }
        return batches;
    }

    private Counts added(Sample.Taken from, Sample.Taken to) {
        Tally candidates = to.of(candidate).since(from.of(candidate));
        Tally baselines = baseline == null ? Tally.NONE : to.of(baseline).since(from.of(baseline));
        return new Counts(candidates.requests(), candidates.errors(), baselines.requests(), baselines.errors());
    }
}
