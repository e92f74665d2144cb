package dev.slipway.backup.request;

import dev.slipway.backup.ledger.DatabaseKey;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A gate or a plan's step that waits for a proved backup.
///
/// @param id stable over repetitions
/// @param manifest hash of the manifest the release was made with
/// @param snapshotFrom the oldest snapshot that will do: the later of "not before" and "not older than", which
/// counts
///     from when the request came
/// @param proof as it was asked for, known here or not
/// @param deadline after it nobody waits any more
/// @param backup the one whose end this waits for
record BackupRequest(
        UUID id,
        DatabaseKey database,
        String manifest,
        UUID release,
        UUID chainId,
        Instant snapshotFrom,
        int locations,
        String proof,
        Instant requestedAt,
        Instant deadline,
        @Nullable UUID backup) {}
