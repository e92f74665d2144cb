package dev.slipway.monitor.watch;

import dev.slipway.eventing.EventHandler;
import dev.slipway.events.Event;
import dev.slipway.events.ReleaseFinished;
import dev.slipway.monitor.watch.WatchedRelease.End;
import jakarta.inject.Singleton;
import org.jdbi.v3.core.Handle;

/// A release is settled: its watch ends, and what runs in the environment now is known.
@Singleton
final class OnReleaseFinished implements EventHandler<ReleaseFinished> {
    private final EndWatch end;
    private final WatchStore store;

    OnReleaseFinished(EndWatch end, WatchStore store) {
        this.end = end;
        this.store = store;
    }

    @Override
    public Class<ReleaseFinished> type() {
        return ReleaseFinished.class;
    }

    @Override
    public void handle(Handle tx, Event<ReleaseFinished> event) {
        ReleaseFinished.Facts facts = event.data().customData();
        end.end(tx, facts.release().id(), new End(facts.finishedAt(), facts.phase() + ": " + facts.reason()));
        if (facts.currentVersion() != null) {
            store.running(tx, facts.release().environment(), facts.currentVersion(), facts.finishedAt());
        }
    }
}
