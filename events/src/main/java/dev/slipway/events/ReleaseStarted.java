package dev.slipway.events;

import java.util.List;
import java.util.UUID;

/// A release's plan started (`pipelinerun.started`). From here on its number is known.
public record ReleaseStarted(PipelineRun content, Facts customData) implements EventData.Standard {
    /// @param steps the stored plan in order
    public record Facts(ReleaseRef release, List<PlannedStep> steps) {}

    public record PlannedStep(UUID id, String name, String kind) {}
}
