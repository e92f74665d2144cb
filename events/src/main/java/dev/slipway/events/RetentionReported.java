package dev.slipway.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What retention keeps of a database and whether it works: once a day.
///
/// @param environment whose data the database holds, `shop/production`
/// @param kept proved backups that are there; `keptBytes` their bytes in all locations
/// @param expired how many were let go since the last report
/// @param leftOver how many copies are to be removed and are still there
/// @param oldest the moment the oldest kept one shows, and `newest` that of the newest; absent when there is none
/// @param ok whether it works; `reason` says why, or why not
/// @param nextAct what to do when it does not
public record RetentionReported(
        String application,
        String database,
        String environment,
        int kept,
        long keptBytes,
        int expired,
        int leftOver,
        @Nullable Instant oldest,
        @Nullable Instant newest,
        boolean ok,
        String reason,
        @Nullable String nextAct)
        implements EventData.Custom {}
