package dev.slipway.monitor.watch;

import dev.slipway.eventing.EventWriter;
import dev.slipway.eventing.Handled;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.events.Event;
import dev.slipway.events.ReleaseRef;
import dev.slipway.events.TrafficShifted;
import dev.slipway.events.WatchCounts;
import dev.slipway.events.WatchHeld;
import dev.slipway.monitor.manifest.EnvironmentWatch;
import dev.slipway.monitor.manifest.WatchSettings;
import dev.slipway.monitor.manifest.WatchedEnvironments;
import dev.slipway.monitor.sample.ScrapeEnvironment;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/// Begins the watch of a traffic step and ends the one before it. A step that is held and shifted to again gets
/// its time anew and keeps its evidence; one that is watched already, one from before the current step and one
/// of a release that is over change nothing.
@Singleton
final class StartWatch {
    private static final Logger LOG = Logger.getLogger(StartWatch.class);

    private final WatchStore store;
    private final WatchedEnvironments environments;
    private final MeasureRelease measure;
    private final WorkQueue queue;
    private final EventWriter events;
    private final Clock clock;

    StartWatch(
            WatchStore store,
            WatchedEnvironments environments,
            MeasureRelease measure,
            WorkQueue queue,
            EventWriter events,
            Clock clock) {
        this.store = store;
        this.environments = environments;
        this.measure = measure;
        this.queue = queue;
        this.events = events;
        this.clock = clock;
    }

    /// Makes a release known, with its first event that this service hears of.
    Handled known(Handle tx, ReleaseRef ref, UUID chainId) {
        return store.register(tx, WatchedRelease.of(ref, chainId))
                ? Handled.applied()
                : Handled.ignored("the release is known");
    }

    Handled start(Handle tx, Event<TrafficShifted> event) {
        TrafficShifted shift = event.data();
        store.register(tx, WatchedRelease.of(shift.release(), event.chainId()));
        WatchedRelease release = store.lock(tx, shift.release().id()).orElseThrow();
        List<Watch> watches = store.watches(tx, release.id());
        Optional<Watch> same = watches.stream()
                .filter(watch -> watch.step().equals(shift.step()))
                .findFirst();
        if (release.ended().isPresent()) {
            return ignored(
                    shift, "the release is over: " + release.ended().get().reason());
        }
        if (!watches.isEmpty()
                && !shift.effectiveAt().isAfter(watches.getLast().shift().effectiveAt())) {
            return ignored(shift, "the step, or a later one, is watched already");
        }
        if (same.isEmpty()) {
            begin(tx, release, watches, shift);
        } else if (same.get().equals(watches.getLast()) && same.get().state() instanceof WatchState.Held) {
            store.update(tx, release.id(), same.get().again(shift));
        } else {
            return ignored(shift, "the step is watched already");
        }
        return Handled.applied();
    }

    private void begin(Handle tx, WatchedRelease release, List<Watch> before, TrafficShifted shift) {
        if (!before.isEmpty()) {
            endPrevious(tx, release, before.getLast(), shift);
        }
        Optional<EnvironmentWatch> watched = environments.byHash(
                tx, shift.release().environment(), shift.release().manifest());
        if (release.measure().isEmpty()) {
            WatchSettings settings = watched.map(EnvironmentWatch::settings).orElse(WatchSettings.USUAL);
            store.measure(tx, release.id(), measure.by(tx, shift, settings));
        }
        int spent = before.stream().mapToInt(Watch::ticks).sum();
        Watch watch = new Watch(
                shift.step(), before.size() + 1, shift, spent, 0, new WatchState.Watching("no batch is complete yet"));
        store.insert(tx, release.id(), watched.isEmpty() ? held(tx, release, watch) : watch);
        // The sooner the first sample after the shift, the sooner the first whole batch.
        queue.schedule(tx, ScrapeEnvironment.KIND, release.environment(), clock.instant());
        queue.schedule(tx, JudgeDue.KIND, release.id().toString(), clock.instant());
        LOG.infof(
                "event=watch_started release=%s step=%s percent=%d number=%d",
                release.id(), shift.step(), shift.percent(), watch.number());
    }

    private static Handled ignored(TrafficShifted shift, String reason) {
        LOG.infof(
                "event=traffic_shift_ignored release=%s step=%s reason=\"%s\"",
                shift.release().id(), shift.step(), reason);
        return Handled.ignored(reason);
    }

    private void endPrevious(Handle tx, WatchedRelease release, Watch previous, TrafficShifted shift) {
        switch (previous.state()) {
            case WatchState.Watching _, WatchState.Held _ ->
                store.update(
                        tx,
                        release.id(),
                        previous.with(new WatchState.Ended(
                                shift.effectiveAt(), "traffic went on to %d %%".formatted(shift.percent()))));
            case WatchState.Passed _, WatchState.Closed _ -> {}
        }
    }

    /// Nobody can judge a step without knowing how: a person must look, but what can be seen is still watched.
    private Watch held(Handle tx, WatchedRelease release, Watch watch) {
        String reason = "no watch of %s is known from the manifest %s"
                .formatted(release.environment(), watch.shift().release().manifest());
        Instant now = clock.instant();
        events.write(
                tx,
                release.id().toString(),
                release.id().toString(),
                release.chainId(),
                new WatchHeld(
                        release.id(),
                        release.application(),
                        release.environment(),
                        watch.step(),
                        new WatchCounts(0, 0, 0, 0),
                        reason));
        return watch.with(new WatchState.Held(now, reason));
    }
}
