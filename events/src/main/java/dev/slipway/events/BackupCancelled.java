package dev.slipway.events;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Somebody stopped a backup before its end; nothing of it is left. A request that waited for it is answered by
/// [BackupFailed] besides.
///
/// @param by who; @param reason why, for people
public record BackupCancelled(
        UUID backup, @Nullable UUID release, String application, String database, String by, String reason)
        implements EventData.Custom {}
