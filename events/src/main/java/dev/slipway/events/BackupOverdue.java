package dev.slipway.events;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// There is no proved backup that is new enough, or never was one. Told once, until [BackupRecovered] takes it back.
///
/// @param environment whose data the database holds, `shop/production`
/// @param maxAge how old the newest may be
/// @param newest the newest proved one, and `newestAt` the moment it shows; absent when there is none
/// @param nextAct what to do about it
public record BackupOverdue(
        String application,
        String database,
        String environment,
        Duration maxAge,
        @Nullable UUID newest,
        @Nullable Instant newestAt,
        String reason,
        String nextAct)
        implements EventData.Custom {}
