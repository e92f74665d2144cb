package dev.slipway.monitor.watch;

import dev.slipway.events.TrafficShifted;
import java.util.UUID;

/// The watch of one traffic step.
///
/// @param number 1 for the release's first step
/// @param spentTicks windows that earlier steps have taken from the release's stock
/// @param ticks those it has taken itself
record Watch(UUID step, int number, TrafficShifted shift, int spentTicks, int ticks, WatchState state) {

    Watch with(WatchState next) {
        return new Watch(step, number, shift, spentTicks, ticks, next);
    }

    /// The same step is to be decided once more: its time starts anew, what was seen stays.
    Watch again(TrafficShifted shift) {
        return new Watch(
                step, number, shift, spentTicks, ticks, new WatchState.Watching("shifted again after it was held"));
    }

    Watch withTicks(int used) {
        return new Watch(step, number, shift, spentTicks, used, state);
    }
}
