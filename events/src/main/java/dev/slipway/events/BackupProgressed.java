package dev.slipway.events;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// How far a backup is that takes a while; told every half a minute.
///
/// @param stage what is being done: `counting`, `dumping`, `storing`, `reading` or `restoring`
/// @param bytes what the dump program wrote so far
/// @param tablesDone of `tables`; absent while it is not known
/// @param bytesPerSecond over the whole stage
/// @param left of the stage, an estimate; absent while there is none
public record BackupProgressed(
        UUID backup,
        @Nullable UUID release,
        String application,
        String database,
        String stage,
        long bytes,
        @Nullable Integer tablesDone,
        @Nullable Integer tables,
        long bytesPerSecond,
        @Nullable Duration left)
        implements EventData.Custom {}
