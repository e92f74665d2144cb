package dev.slipway.events;

import org.jspecify.annotations.Nullable;

/// What was wrong with the backups of a database is so no more.
///
/// @param environment whose data the database holds, `shop/production`
/// @param cause `failed`, `missed`, `overdue`, `inactive`, `retention`, `copies`, `drill` or `size`
/// @param schedule whose trouble it was, when it was a schedule's
/// @param detail what made it good
public record BackupRecovered(
        String application,
        String database,
        String environment,
        String cause,
        @Nullable String schedule,
        String detail) implements EventData.Custom {}
