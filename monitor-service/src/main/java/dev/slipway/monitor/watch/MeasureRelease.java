package dev.slipway.monitor.watch;

import dev.slipway.events.TrafficShifted;
import dev.slipway.monitor.evidence.Counts;
import dev.slipway.monitor.evidence.History;
import dev.slipway.monitor.manifest.WatchSettings;
import dev.slipway.monitor.sample.Sample;
import dev.slipway.monitor.sample.SampleLog;
import dev.slipway.monitor.watch.WatchedRelease.Measure;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Fixes what a release is measured by: how the version before it did in the hour before its first traffic
/// step.
@Singleton
final class MeasureRelease {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration BLOCK = Duration.ofMinutes(5);

    private final SampleLog samples;
    private final WatchStore store;

    MeasureRelease(SampleLog samples, WatchStore store) {
        this.samples = samples;
        this.store = store;
    }

    Measure by(Handle tx, TrafficShifted first, WatchSettings settings) {
        String environment = first.release().environment();
        Optional<String> previous = first.baseline() == null
                ? store.running(tx, environment)
                        .filter(version -> !version.equals(first.candidate().version()))
                : Optional.of(first.baseline().version());
        Instant start = first.effectiveAt().minus(HOUR);
        List<Sample.Taken> hour = samples.taken(tx, environment, start).stream()
                .filter(sample -> !sample.at().isAfter(first.effectiveAt()))
                .toList();
        return new Measure(
                settings,
                previous.orElse(null),
                previous.map(version -> history(
                                new Batching(version, null, settings.batch()).after(Optional.empty(), hour), start))
                        .orElse(History.UNKNOWN));
    }

    private static History history(List<Batch> batches, Instant start) {
        List<History.Batch> past = new ArrayList<>();
        Counts before = Counts.NONE;
        for (Batch batch : batches) {
            Counts added = batch.total().since(before);
            int block = (int) Duration.between(start, batch.startedAt()).dividedBy(BLOCK);
            past.add(new History.Batch(block, added.candidateRequests(), added.candidateErrors()));
            before = batch.total();
        }
        return History.of(past);
    }
}
