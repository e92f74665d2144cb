package dev.slipway.events;

import org.jspecify.annotations.Nullable;

/// Maintenance mode of an environment was switched (`environment.modified`).
public record MaintenanceSwitched(Content content, Facts customData) implements EventData.Standard {
    public record Content(String name, @Nullable String uri) {}

    public record Facts(ReleaseRef release, boolean maintenance) {}
}
