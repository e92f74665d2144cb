package dev.slipway.events;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A release is settled (`pipelinerun.finished`).
public record ReleaseFinished(PipelineRun content, Facts customData) implements EventData.Standard {
    /// @param phase `completed`, `rolledBack`, `failed`, `cancelled` or `superseded`
    /// @param reason why, in words for people
    /// @param downtime how long maintenance mode was on, measured; absent when it never was
    /// @param currentVersion what runs in the environment now; absent when nothing does
    public record Facts(
            ReleaseRef release,
            String phase,
            String reason,
            @Nullable Instant startedAt,
            Instant finishedAt,
            @Nullable Duration downtime,
            @Nullable String currentVersion) {}
}
