package dev.slipway.deploy.gate;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A person signed one artifact off in a role.
public record Approval(
        String role,
        String person,
        String artifact,
        @Nullable String note,
        Instant at) {}
