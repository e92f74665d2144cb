package dev.slipway.events;

import java.util.UUID;

/// The candidate is shown not to be worse at this traffic step: the next one may come.
///
/// @param logEvidence natural log of the promoting e-value
/// @param unproven true when the step's time was over before the evidence was there
public record WatchStepPassed(
        UUID release,
        String application,
        String environment,
        UUID step,
        WatchCounts counts,
        double logEvidence,
        boolean unproven,
        String reason)
        implements EventData.Custom {}
