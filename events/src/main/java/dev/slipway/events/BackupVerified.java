package dev.slipway.events;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A backup is there and proved; answers [BackupRequested] when it carries its `requestId`.
///
/// @param snapshotAt the moment the backup shows the database at
/// @param rows all rows counted in that snapshot
public record BackupVerified(
        UUID backup,
        @Nullable UUID requestId,
        @Nullable UUID release,
        String application,
        String database,
        Instant snapshotAt,
        Instant finishedAt,
        long sizeBytes,
        long rows,
        List<Proof> proofs,
        List<String> locations)
        implements EventData.Custom {

    /// @param kind `readback` or `restore`; @param detail what was compared
    public record Proof(String kind, Instant at, Duration took, String detail) {}
}
