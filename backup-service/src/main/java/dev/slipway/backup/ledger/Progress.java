package dev.slipway.backup.ledger;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// How far a backup is that runs now.
///
/// @param stage `counting`, `dumping`, `storing`, `reading` or `restoring`
/// @param since when the stage began; @param at when this was seen
/// @param bytes that went through the programs in this stage
/// @param tablesDone of `tables`; null when that cannot be seen
/// @param bytesPerSecond over the whole stage
/// @param secondsLeft of the stage, an estimate; null while there is none
public record Progress(
        UUID backup,
        String stage,
        Instant since,
        Instant at,
        long bytes,
        @Nullable Integer tablesDone,
        @Nullable Integer tables,
        long bytesPerSecond,
        @Nullable Long secondsLeft) {}
