package dev.slipway.backup.retention;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A release relies on a backup. @param until when it no longer does; null while it is not over
public record Hold(UUID release, Instant since, @Nullable Instant until) {}
