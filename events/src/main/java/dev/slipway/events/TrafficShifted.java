package dev.slipway.events;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Traffic was shifted and the router confirmed it; from here on the watch judges candidate beside baseline.
///
/// @param step the plan's step, named in every answer
/// @param percent the candidate's share, 1 … 100
/// @param weights per target (colour), as read back from the router
/// @param effectiveAt from when on the weights hold
/// @param baseline absent for a first release and where nothing runs beside the candidate any more (100 %)
/// @param minDwell shortest time before the step may pass
/// @param maxDuration longest time before the step is decided without evidence
/// @param undecided what then: `hold` or `promote`
/// @param strict at 100 % only: how long the strict watch goes on
public record TrafficShifted(
        ReleaseRef release,
        UUID step,
        int percent,
        Map<String, Integer> weights,
        Instant effectiveAt,
        Side candidate,
        @Nullable Side baseline,
        Duration minDwell,
        Duration maxDuration,
        String undecided,
        @Nullable Duration strict)
        implements EventData.Custom {

    /// One side of the comparison. @param version as the metrics label it; @param target the colour it runs on
    public record Side(String version, String target) {}
}
