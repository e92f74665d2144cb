package dev.slipway.events;

import java.util.UUID;

/// A service let an access token in for the first time on a day; what else it does there that day is not told.
///
/// @param service where
/// @param day in UTC, `2026-03-01`
public record TokenUsed(UUID token, String service, String day) implements EventData.Custom {}
