package dev.slipway.events;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An incident was opened (`incident.detected`).
public record IncidentDetected(Content content, Facts customData) implements EventData.Standard {
    public record Content(
            EnvironmentId environment,
            String description,
            Service service,
            @Nullable String artifactId) {}

    public record Service(String id) {}

    /// @param severity `sev1`, `sev2` or `sev3`
    public record Facts(
            UUID incident, String severity, @Nullable ReleaseRef release) {}
}
