package dev.slipway.events;

import java.util.List;
import java.util.UUID;

/// A good backup lies in fewer locations than it should: copies are made from a good one as soon as that can be done.
///
/// @param environment whose data the database holds, `shop/production`
/// @param locations that have it; @param missing those that do not
public record BackupIncomplete(
        UUID backup,
        String application,
        String database,
        String environment,
        List<String> locations,
        List<String> missing,
        String reason,
        String nextAct)
        implements EventData.Custom {}
