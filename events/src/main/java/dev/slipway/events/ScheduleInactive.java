package dev.slipway.events;

import java.time.Instant;

/// A schedule has started nothing for longer than it may: it is paused, or its times pass unnoticed. Told once, until
/// [BackupRecovered] takes it back.
///
/// @param environment whose data the database holds, `shop/production`
/// @param since the pause, or the time that passed
/// @param nextAct what to do about it
public record ScheduleInactive(
        String application,
        String database,
        String environment,
        String schedule,
        Instant since,
        String reason,
        String nextAct)
        implements EventData.Custom {}
