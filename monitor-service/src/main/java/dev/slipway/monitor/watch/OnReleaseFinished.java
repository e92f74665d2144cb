package dev.slipway.monitor.watch;

import dev.slipway.eventing.EventHandler;
import dev.slipway.eventing.Handled;
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
    public Handled handle(Handle tx, Event<ReleaseFinished> event) {
        ReleaseFinished.Facts facts = event.data().customData();
        Handled ended = end.end(
                tx,
                facts.release(),
                event.chainId(),
                new End(facts.finishedAt(), facts.phase() + ": " + facts.reason()));
        String version = facts.currentVersion();
        if (version != null && store.running(tx, facts.release().environment(), version, facts.finishedAt())) {
            return Handled.applied();
        }
        return ended;
    }
}
