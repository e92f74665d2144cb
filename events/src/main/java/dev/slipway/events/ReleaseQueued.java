package dev.slipway.events;

/// A release came into being and waits for its gates (`pipelinerun.queued`).
public record ReleaseQueued(PipelineRun content, Facts customData) implements EventData.Standard {
    public record Facts(ReleaseRef release) {}
}
