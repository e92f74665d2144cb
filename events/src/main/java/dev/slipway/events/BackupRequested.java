package dev.slipway.events;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A gate or a plan's step asks for a proved backup; answered by [BackupVerified] or [BackupFailed].
///
/// @param requestId stable over repetitions
/// @param maxAge how old the backup's snapshot may be
/// @param notBefore the snapshot may not be older than this moment (nothing written after it may be missing)
/// @param locations in how many places at least
/// @param proof `readback` or `restore`
/// @param deadline after it the asker stops waiting
public record BackupRequested(
        UUID requestId,
        ReleaseRef release,
        String database,
        Duration maxAge,
        @Nullable Instant notBefore,
        int locations,
        String proof,
        Instant deadline)
        implements EventData.Custom {}
