package dev.slipway.backup;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The knobs of this service.
@ConfigMapping(prefix = "slipway.backups")
interface BackupSettings {
    /// Folder of the location `disk`; made when it is missing. Environment: `SLIPWAY_BACKUPS_DIR`.
    Path dir();

    /// A YAML file with further locations and the master keys. Environment: `SLIPWAY_BACKUPS_LOCATIONS`.
    Optional<Path> locations();

    /// Folders with the client programs of database servers, looked at before the usual ones.
    Optional<List<Path>> clients();

    /// How long a database server may take to answer.
    @WithDefault("PT10S")
    Duration connectTimeout();

    /// How long a dump waits for a locked table; others wait behind it.
    @WithDefault("PT15S")
    Duration lockWait();

    /// How long one dump, one reading back or one restore may take.
    @WithDefault("PT30M")
    Duration timeLimit();

    /// A location that takes nothing for so long is cut off: while a dump waits, its snapshot holds the server back.
    @WithDefault("PT1M")
    Duration stall();

    /// What all waiting for one location may add up to, where the other locations are enough.
    @WithDefault("PT5M")
    Duration patience();

    /// Until a location has everything safe, after it was handed over.
    @WithDefault("PT5M")
    Duration finish();

    /// How often the other services are told how far a running backup is.
    @WithDefault("PT30S")
    Duration progressEvery();

    /// How often every location is looked through for copies that are gone and files of nobody.
    @WithDefault("PT6H")
    Duration searchEvery();

    /// Signs download links, 32 characters at least; the first master key unless given. Environment:
    /// `SLIPWAY_BACKUPS_LINK_KEY`.
    Optional<String> linkKey();

    /// How often the watchdog looks.
    @WithDefault("PT1M")
    Duration watchdogEvery();
}
