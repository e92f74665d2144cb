package dev.slipway.events;

import java.util.UUID;

/// The watch can neither promote nor call back: a person should look.
public record WatchHeld(
        UUID release, String application, String environment, UUID step, WatchCounts counts, String reason)
        implements EventData.Custom {}
