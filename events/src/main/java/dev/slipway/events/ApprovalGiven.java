package dev.slipway.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Somebody approved a release in a role. @param by the person's name, never an address
public record ApprovalGiven(
        ReleaseRef release,
        String role,
        String by,
        Instant at,
        @Nullable String note) implements EventData.Custom {}
