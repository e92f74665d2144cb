package dev.slipway.notify.occasion;

import dev.slipway.eventing.EventHandler;
import dev.slipway.eventing.Handled;
import dev.slipway.events.ApprovalGiven;
import dev.slipway.events.BackupFailed;
import dev.slipway.events.CandidateAccepted;
import dev.slipway.events.Event;
import dev.slipway.events.EventData;
import dev.slipway.events.IncidentDetected;
import dev.slipway.events.NoticeRequested;
import dev.slipway.events.ReleaseFinished;
import dev.slipway.events.ReleaseGated;
import dev.slipway.events.ReleaseHeld;
import dev.slipway.events.ReleaseQueued;
import dev.slipway.events.ReleaseRef;
import dev.slipway.events.ReleaseRollingBack;
import dev.slipway.events.ReleaseStarted;
import dev.slipway.events.WatchHeld;
import dev.slipway.notify.audience.Situation;
import dev.slipway.notify.occasion.KnownReleases.Earlier;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// One handler per event this service consumes: remember the release, then tell people of the occasion.
@Singleton
final class LifecycleHandlers {
    private final KnownReleases known;
    private final TellPeople tell;

    LifecycleHandlers(KnownReleases known, TellPeople tell) {
        this.known = known;
        this.tell = tell;
    }

    @Produces
    @Singleton
    EventHandler<CandidateAccepted> candidateAccepted() {
        return on(CandidateAccepted.class, (tx, event) -> tell.of(tx, Occasions.accepted(event)));
    }

    @Produces
    @Singleton
    EventHandler<ReleaseQueued> releaseQueued() {
        return on(ReleaseQueued.class, (tx, event) -> {
            Optional<Earlier> before =
                    heard(tx, event, event.data().customData().release());
            return tell.of(tx, Occasions.queued(event, before));
        });
    }

    @Produces
    @Singleton
    EventHandler<ReleaseGated> releaseGated() {
        return on(ReleaseGated.class, (tx, event) -> {
            heard(tx, event, event.data().release());
            return tell.of(tx, Occasions.gated(event));
        });
    }

    @Produces
    @Singleton
    EventHandler<ApprovalGiven> approvalGiven() {
        return on(ApprovalGiven.class, (tx, event) -> {
            heard(tx, event, event.data().release());
            return tell.of(tx, Occasions.approved(event));
        });
    }

    @Produces
    @Singleton
    EventHandler<ReleaseStarted> releaseStarted() {
        return on(ReleaseStarted.class, (tx, event) -> {
            Optional<Earlier> before =
                    heard(tx, event, event.data().customData().release());
            return Occasions.started(event, before)
                    .map(occasion -> tell.of(tx, occasion))
                    .orElseGet(() -> Handled.ignored("its plan announces the start by a step"));
        });
    }

    @Produces
    @Singleton
    EventHandler<NoticeRequested> noticeRequested() {
        return on(NoticeRequested.class, (tx, event) -> {
            Optional<Earlier> before = heard(tx, event, event.data().release());
            return Situation.of(event.data().situation())
                    .map(situation -> tell.of(tx, Occasions.requested(event, situation, before)))
                    .orElseGet(() -> tell.cannot(tx, event.chainId(), event.data()));
        });
    }

    @Produces
    @Singleton
    EventHandler<ReleaseRollingBack> releaseRollingBack() {
        return on(ReleaseRollingBack.class, (tx, event) -> {
            Optional<Earlier> before = heard(tx, event, event.data().release());
            return tell.of(tx, Occasions.rollingBack(event, before));
        });
    }

    @Produces
    @Singleton
    EventHandler<ReleaseHeld> releaseHeld() {
        return on(ReleaseHeld.class, (tx, event) -> {
            heard(tx, event, event.data().release());
            return tell.of(tx, Occasions.held(event));
        });
    }

    @Produces
    @Singleton
    EventHandler<ReleaseFinished> releaseFinished() {
        return on(ReleaseFinished.class, (tx, event) -> {
            heard(tx, event, event.data().customData().release());
            known.finished(tx, event.data().customData());
            return tell.of(tx, Occasions.finished(event));
        });
    }

    @Produces
    @Singleton
    EventHandler<BackupFailed> backupFailed() {
        return on(BackupFailed.class, (tx, event) -> tell.of(tx, Occasions.backupFailed(event)));
    }

    @Produces
    @Singleton
    EventHandler<WatchHeld> watchHeld() {
        return on(
                WatchHeld.class,
                (tx, event) -> tell.of(
                        tx,
                        Occasions.watchHeld(event, known.find(tx, event.data().release()))));
    }

    @Produces
    @Singleton
    EventHandler<IncidentDetected> incidentDetected() {
        return on(IncidentDetected.class, (tx, event) -> tell.of(tx, Occasions.incident(event)));
    }

    private Optional<Earlier> heard(Handle tx, Event<?> event, ReleaseRef release) {
        return known.heard(tx, release, event.time());
    }

    private static <D extends EventData> EventHandler<D> on(Class<D> type, Effect<D> effect) {
        return new EventHandler<>() {
            @Override
            public Class<D> type() {
                return type;
            }

            @Override
            public Handled handle(Handle tx, Event<D> event) {
                return effect.of(tx, event);
            }
        };
    }

    private interface Effect<D extends EventData> {
        Handled of(Handle tx, Event<D> event);
    }
}
