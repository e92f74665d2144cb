package dev.slipway.monitor.watch;

import dev.slipway.eventing.EventHandler;
import dev.slipway.eventing.Handled;
import dev.slipway.events.Event;
import dev.slipway.events.ReleaseRollingBack;
import dev.slipway.monitor.watch.WatchedRelease.End;
import jakarta.inject.Singleton;
import org.jdbi.v3.core.Handle;

/// A release is being undone: nothing of it is left to judge.
@Singleton
final class OnReleaseRollingBack implements EventHandler<ReleaseRollingBack> {
    private final EndWatch end;

    OnReleaseRollingBack(EndWatch end) {
        this.end = end;
    }

    @Override
    public Class<ReleaseRollingBack> type() {
        return ReleaseRollingBack.class;
    }

    @Override
    public Handled handle(Handle tx, Event<ReleaseRollingBack> event) {
        return end.end(
                tx,
                event.data().release(),
                event.chainId(),
                new End(event.time(), "rolling back: " + event.data().reason()));
    }
}
