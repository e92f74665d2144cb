package dev.slipway.monitor.watch;

import dev.slipway.eventing.EventHandler;
import dev.slipway.eventing.Handled;
import dev.slipway.events.Event;
import dev.slipway.events.TrafficShifted;
import jakarta.inject.Singleton;
import org.jdbi.v3.core.Handle;

/// Traffic was shifted: the watch of that step begins.
@Singleton
final class OnTrafficShifted implements EventHandler<TrafficShifted> {
    private final StartWatch start;

    OnTrafficShifted(StartWatch start) {
        this.start = start;
    }

    @Override
    public Class<TrafficShifted> type() {
        return TrafficShifted.class;
    }

    @Override
    public Handled handle(Handle tx, Event<TrafficShifted> event) {
        return start.start(tx, event);
    }
}
