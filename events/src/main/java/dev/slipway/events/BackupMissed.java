package dev.slipway.events;

import java.time.Instant;

/// A scheduled backup or drill was not started within the grace of its schedule, and will not be.
///
/// @param environment whose data the database holds, `shop/production`
/// @param schedule its name
/// @param local the time it was due, as the clocks of its zone show it: `2026-03-02T02:00`
/// @param nextAct what to do about it
public record BackupMissed(
        String application,
        String database,
        String environment,
        String schedule,
        String local,
        Instant plannedAt,
        String reason,
        String nextAct)
        implements EventData.Custom {}
