package dev.slipway.monitor.watch;

import dev.slipway.eventing.EventHandler;
import dev.slipway.eventing.Handled;
import dev.slipway.events.Event;
import dev.slipway.events.ReleaseStarted;
import jakarta.inject.Singleton;
import org.jdbi.v3.core.Handle;

/// A release starts: from now on it can be asked for.
@Singleton
final class OnReleaseStarted implements EventHandler<ReleaseStarted> {
    private final StartWatch start;

    OnReleaseStarted(StartWatch start) {
        this.start = start;
    }

    @Override
    public Class<ReleaseStarted> type() {
        return ReleaseStarted.class;
    }

    @Override
    public Handled handle(Handle tx, Event<ReleaseStarted> event) {
        return start.known(tx, event.data().customData().release(), event.chainId());
    }
}
