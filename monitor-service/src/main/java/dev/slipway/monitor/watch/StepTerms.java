package dev.slipway.monitor.watch;

import dev.slipway.events.TrafficShifted;
import dev.slipway.monitor.manifest.WatchSettings;
import java.time.Duration;
import java.time.Instant;

/// What a traffic step is judged by.
///
/// @param last whether the candidate has all traffic now, so that nothing comes after this step but the end
/// @param effectiveAt from when on the weights hold
/// @param minDwell shortest time before it may pass
/// @param planned longest time before it is decided without evidence; for the last step how long the strict
///     watch is
/// @param promoteUndecided what then
record StepTerms(
        boolean last,
        Instant effectiveAt,
        Duration minDwell,
        Duration planned,
        boolean promoteUndecided,
        WatchSettings settings) {

    static StepTerms of(TrafficShifted shift, WatchSettings settings) {
        boolean last = shift.percent() >= 100 || shift.strict() != null;
        Duration strict = shift.strict() == null ? Duration.ZERO : shift.strict();
        return new StepTerms(
                last,
                shift.effectiveAt(),
                shift.minDwell(),
                last ? strict : shift.maxDuration(),
                shift.undecided().equals("promote"),
                settings);
    }

    boolean isDwelt(Instant at) {
        return !at.isBefore(effectiveAt.plus(minDwell));
    }

    boolean isOver(Instant at) {
        return !at.isBefore(effectiveAt.plus(planned));
    }
}
