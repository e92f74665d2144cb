package dev.slipway.events;

import java.util.UUID;

/// The strict watch after 100 % ended without a call-back.
public record WatchFinished(
        UUID release, String application, String environment, UUID step, WatchCounts counts, String reason)
        implements EventData.Custom {}
