package dev.slipway.events;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A backup could not be taken or proved.
///
/// @param environment whose data it would have held, `shop/production`; absent when no backup was tried, or when the
///     manifest no longer has the database
/// @param reason a closed set of codes
/// @param message for people, no secrets
/// @param nextAct what to do about it
public record BackupFailed(
        @Nullable UUID backup,
        @Nullable UUID requestId,
        @Nullable UUID release,
        String application,
        String database,
        @Nullable String environment,
        String reason,
        String message,
        @Nullable String nextAct)
        implements EventData.Custom {}
