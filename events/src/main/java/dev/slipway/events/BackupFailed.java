package dev.slipway.events;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A backup could not be taken or proved. @param reason a closed set of codes; @param message for people, no secrets
public record BackupFailed(
        @Nullable UUID backup,
        @Nullable UUID requestId,
        @Nullable UUID release,
        String application,
        String database,
        String reason,
        String message)
        implements EventData.Custom {}
