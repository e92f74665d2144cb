package dev.slipway.events;

import java.util.List;
import java.util.UUID;

/// A location got the copy of a backup that it missed, compared with the hash the backup was written with.
///
/// @param location that has it now; @param from the one it was copied from; @param locations all that have it
public record BackupCopied(
        UUID backup, String application, String database, String location, String from, List<String> locations)
        implements EventData.Custom {}
