package dev.slipway.monitor.watch;

import dev.slipway.eventing.EventWriter;
import dev.slipway.events.EventData;
import dev.slipway.events.RollbackRequested;
import dev.slipway.events.WatchCounts;
import dev.slipway.events.WatchFinished;
import dev.slipway.events.WatchHeld;
import dev.slipway.events.WatchStepPassed;
import dev.slipway.monitor.evidence.Counts;
import dev.slipway.monitor.incident.RaiseIncident;
import dev.slipway.monitor.manifest.WatchSettings;
import dev.slipway.monitor.sample.SampleLog.Silence;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/// Carries a verdict out as far as this service goes: the watch's next state and the event that tells of it, in
/// the transaction that records the check. A call-back opens its incident in the same transaction.
@Singleton
final class ActOnVerdict {
    private static final Logger LOG = Logger.getLogger(ActOnVerdict.class);

    private final EventWriter events;
    private final RaiseIncident incidents;

    ActOnVerdict(EventWriter events, RaiseIncident incidents) {
        this.events = events;
        this.incidents = incidents;
    }

    /// After a batch. @return the watch in its next state
    Watch on(
            Handle tx,
            WatchedRelease release,
            Watch watch,
            WatchState.Open state,
            Verdict verdict,
            Findings found,
            WatchSettings settings) {
        return switch (verdict) {
            case Verdict.Continue(String reason) -> watch.with(stay(state, reason));
            case Verdict.Hold hold -> watch.with(hold(tx, release, watch, state, hold, found.total(), found.at()));
            case Verdict.Promote promote -> watch.with(promote(tx, release, watch, promote, found));
            case Verdict.Rollback rollback -> watch.with(callBack(tx, release, watch, rollback, found, settings));
            case Verdict.Finish finish -> watch.with(finish(tx, release, watch, finish, found));
        };
    }

    /// While no batch comes. @return the watch in its next state
    Watch onSilence(
            Handle tx,
            WatchedRelease release,
            Watch watch,
            WatchState.Open state,
            Verdict verdict,
            Counts counts,
            Silence silence) {
        return switch (verdict) {
            case Verdict.Hold hold -> watch.with(hold(tx, release, watch, state, hold, counts, silence.until()));
            case Verdict.Continue(String reason) -> watch.with(stay(state, reason));
            case Verdict.Promote _, Verdict.Rollback _, Verdict.Finish _ ->
                throw new IllegalStateException("decided without a batch: " + verdict);
        };
    }

    private static WatchState stay(WatchState.Open state, String reason) {
        return switch (state) {
            case WatchState.Watching _ -> new WatchState.Watching(reason);
            case WatchState.Held held -> held;
            case WatchState.Passed passed -> passed;
        };
    }

    private WatchState hold(
            Handle tx,
            WatchedRelease release,
            Watch watch,
            WatchState.Open state,
            Verdict.Hold hold,
            Counts counts,
            Instant at) {
        if (!(state instanceof WatchState.Watching) || !hold.cause().isTold()) {
            return stay(state, hold.reason());
        }
        tell(
                tx,
                release,
                new WatchHeld(
                        release.id(),
                        release.application(),
                        release.environment(),
                        watch.step(),
                        wire(counts),
                        hold.reason()));
        return new WatchState.Held(at, hold.reason());
    }

    private WatchState promote(
            Handle tx, WatchedRelease release, Watch watch, Verdict.Promote promote, Findings found) {
        tell(
                tx,
                release,
                new WatchStepPassed(
                        release.id(),
                        release.application(),
                        release.environment(),
                        watch.step(),
                        wire(found.total()),
                        found.logPromote(),
                        promote.unproven(),
                        promote.reason()));
        return new WatchState.Passed(found.at(), promote.reason());
    }

    private WatchState callBack(
            Handle tx,
            WatchedRelease release,
            Watch watch,
            Verdict.Rollback rollback,
            Findings found,
            WatchSettings settings) {
        UUID incident = incidents.forRelease(tx, watch.shift().release(), release.chainId(), rollback.reason());
        tell(
                tx,
                release,
                new RollbackRequested(
                        release.id(),
                        release.application(),
                        release.environment(),
                        watch.step(),
                        rollback.signal(),
                        rollback.reason(),
                        wire(found.mixture().leading()),
                        found.mixture().logGated(),
                        settings.rollbackBound(),
                        Duration.between(found.startedAt(), found.at()),
                        incident));
        return new WatchState.CalledBack(found.at(), rollback.reason(), incident);
    }

    private WatchState finish(Handle tx, WatchedRelease release, Watch watch, Verdict.Finish finish, Findings found) {
        tell(
                tx,
                release,
                new WatchFinished(
                        release.id(),
                        release.application(),
                        release.environment(),
                        watch.step(),
                        wire(found.total()),
                        finish.reason()));
        return new WatchState.Finished(found.at(), finish.reason());
    }

    private void tell(Handle tx, WatchedRelease release, EventData data) {
        String id = release.id().toString();
        events.write(tx, id, id, release.chainId(), data);
        LOG.infof(
                "event=%s release=%s environment=%s data=\"%s\"",
                data.getClass().getSimpleName(), id, release.environment(), data);
    }

    private static WatchCounts wire(Counts counts) {
        return new WatchCounts(
                counts.candidateRequests(),
                counts.candidateErrors(),
                counts.baselineRequests(),
                counts.baselineErrors());
    }
}
