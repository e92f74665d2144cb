package dev.slipway.monitor.watch;

import dev.slipway.monitor.evidence.Counts;
import dev.slipway.monitor.sample.Sample;
import dev.slipway.monitor.sample.SampleLog;
import dev.slipway.monitor.sample.SampleLog.Silence;
import dev.slipway.monitor.watch.WatchedRelease.Measure;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Brings a release's current watch up to date with the log of samples: cuts new batches, judges after each of
/// them in turn, and acts on what it finds, all in one transaction.
///
/// Nothing here depends on when or how often it runs: a batch is judged by what was known at its end, so a
/// watch that was asleep for a while comes to the same verdict at the same batch.
@Singleton
final class JudgeWatch {
    private final WatchStore store;
    private final WatchLog log;
    private final SampleLog samples;
    private final ActOnVerdict act;

    JudgeWatch(WatchStore store, WatchLog log, SampleLog samples, ActOnVerdict act) {
        this.store = store;
        this.log = log;
        this.samples = samples;
        this.act = act;
    }

    void judge(Handle tx, UUID releaseId) {
        WatchedRelease release = store.lock(tx, releaseId).orElse(null);
        if (release == null || release.ended().isPresent()) {
            return;
        }
        List<Watch> watches = store.watches(tx, releaseId);
        if (!watches.isEmpty() && watches.getLast().state() instanceof WatchState.Open) {
            judge(tx, release, release.measure().orElseThrow(), watches.getLast());
        }
    }

    private void judge(Handle tx, WatchedRelease release, Measure measure, Watch current) {
        StepTerms terms = StepTerms.of(current.shift(), measure.settings());
        List<Batch> known = log.batches(tx, release.id(), current.step());
        List<Batch> added = batches(tx, release, measure, current, known);
        Watch watch = current;
        List<Batch> seen = new ArrayList<>(known);
        for (Batch batch : added) {
            if (!(watch.state() instanceof WatchState.Open open)) {
                break;
            }
            seen.add(batch);
            Findings found = Findings.of(
                    watch.number(),
                    watch.spentTicks(),
                    watch.shift().baseline() != null,
                    terms,
                    measure.history(),
                    seen);
            Verdict verdict = WatchRules.judge(open, terms, found);
            log.append(tx, release.id(), Check.of(watch.step(), verdict, found));
            watch = act.on(tx, release, watch.withTicks(found.ticks()), open, verdict, found, measure.settings());
        }
        log.append(tx, release.id(), current.step(), seen.subList(known.size(), seen.size()));
        if (added.isEmpty() && watch.state() instanceof WatchState.Open open) {
            watch = silence(tx, release, measure, watch, open, known);
        }
        store.update(tx, release.id(), watch);
    }

    private List<Batch> batches(Handle tx, WatchedRelease release, Measure measure, Watch watch, List<Batch> known) {
        Instant from =
                known.isEmpty() ? watch.shift().effectiveAt() : known.getLast().endedAt();
        List<Sample.Taken> since = samples.taken(tx, release.environment(), from);
        String baseline = watch.shift().baseline() == null
                ? null
                : watch.shift().baseline().version();
        Batching batching = new Batching(
                watch.shift().candidate().version(),
                baseline,
                measure.settings().batch());
        return batching.after(known.isEmpty() ? Optional.empty() : Optional.of(known.getLast()), since);
    }

    /// Without a new batch there is nothing to judge, except that there is none.
    private Watch silence(
            Handle tx, WatchedRelease release, Measure measure, Watch watch, WatchState.Open open, List<Batch> known) {
        Optional<Silence> silence = samples.silence(tx, release.environment())
                .filter(found -> found.until().isAfter(watch.shift().effectiveAt()));
        if (silence.isEmpty()) {
            return watch;
        }
        Counts counts = known.isEmpty() ? Counts.NONE : known.getLast().total();
        Verdict verdict = WatchRules.judge(open, measure.settings(), silence.get());
        Watch next = act.onSilence(tx, release, watch, open, verdict, counts, silence.get());
        List<Check> latest = log.checks(tx, release.id(), Optional.of(watch.step()), Optional.empty(), 1);
        if (latest.isEmpty() || !latest.getFirst().reason().equals(verdict.reason())) {
            log.append(
                    tx,
                    release.id(),
                    Check.of(watch.step(), verdict, counts, silence.get().until()));
        }
        return next;
    }
}
