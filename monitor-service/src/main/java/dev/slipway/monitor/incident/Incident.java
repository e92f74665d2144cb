package dev.slipway.monitor.incident;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Something that needs a person.
///
/// @param environment full name, `shop/production`
/// @param release absent when no release is to blame
/// @param severity `sev1` at once, `sev2` within hours, `sev3` within a day
/// @param state `open`, `acknowledged` or `resolved`
/// @param cause what it is about when no release is to blame: `backup-overdue/shop/orders`
/// @param resolvedAt when the cause was gone
record Incident(
        UUID id,
        String application,
        String environment,
        @Nullable UUID release,
        String severity,
        String state,
        String description,
        @Nullable String cause,
        Instant openedAt,
        @Nullable Instant resolvedAt) {}
