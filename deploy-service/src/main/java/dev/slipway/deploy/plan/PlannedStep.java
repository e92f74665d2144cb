package dev.slipway.deploy.plan;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One step of a plan before anything of it has been done.
///
/// @param name for people, `traffic 10 %`
/// @param percent of the traffic; traffic steps only
/// @param limit how long the step may take, retries and waiting included
public record PlannedStep(
        StepKind kind, String name, @Nullable Integer percent, Duration limit) {}
