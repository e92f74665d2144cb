package dev.slipway.events;

import java.util.List;

/// The topics of the suite. The launcher, or ops, creates them before the services start.
public final class Topics {
    public static final String RELEASES = "slipway.releases";
    public static final String BACKUPS = "slipway.backups";
    public static final String WATCH = "slipway.watch";
    public static final String NOTICES = "slipway.notices";

    /// Compacted: the access tokens every service knows.
    public static final String ACCESS = "slipway.access";

    /// Partitions of each topic of events.
    public static final int PARTITIONS = 6;

    /// Days the topics of events are kept; the inboxes keep ids for longer.
    public static final int RETENTION_DAYS = 14;

    private Topics() {}

    /// The topics that carry events, in the order their producers stand in the story of a release.
    public static List<String> ofEvents() {
        return List.of(RELEASES, BACKUPS, WATCH, NOTICES);
    }
}
