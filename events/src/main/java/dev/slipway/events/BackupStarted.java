package dev.slipway.events;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A capture started. @param requestId who asked, when somebody did
public record BackupStarted(
        UUID backup, @Nullable UUID requestId, @Nullable UUID release, String application, String database)
        implements EventData.Custom {}
