package dev.slipway.events;

import java.util.UUID;

/// Something about a backup that is there asks for a person: a drill of it failed, or it is far larger or smaller than
/// those before it. The backup still counts as proved.
///
/// @param environment whose data the database holds, `shop/production`
/// @param kind `drill` or `size`: the `cause` of the `backup.recovered` that takes it back
public record BackupDoubted(
        UUID backup,
        String application,
        String database,
        String environment,
        String kind,
        String reason,
        String nextAct)
        implements EventData.Custom {}
