package dev.slipway.events;

import java.time.Instant;
import java.util.List;

/// A release stands still until a person chooses. @param deadline when Slipway chooses the safe way itself
public record ReleaseHeld(ReleaseRef release, String reason, List<String> choices, Instant deadline)
        implements EventData.Custom {}
