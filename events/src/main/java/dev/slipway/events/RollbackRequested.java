package dev.slipway.events;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The watch calls a release back.
///
/// @param signal the first criterion that fired, e.g. `errors`
/// @param logEvidence natural log of the e-value that reached the bound
/// @param bound natural log of 1/alpha
/// @param after from the step's first batch to the decision
public record RollbackRequested(
        UUID release,
        String application,
        String environment,
        UUID step,
        String signal,
        String reason,
        WatchCounts counts,
        double logEvidence,
        double bound,
        Duration after,
        @Nullable UUID incident)
        implements EventData.Custom {}
