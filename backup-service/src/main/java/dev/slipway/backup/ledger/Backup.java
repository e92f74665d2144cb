package dev.slipway.backup.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One backup of one database.
///
/// @param manifest hash of the manifest it is taken by
/// @param source what the database was there, see [DatabaseKey]
/// @param proof the least that is proved of it
/// @param startedAt when it was first taken up
/// @param version grows with every change of the row
public record Backup(
        UUID id,
        DatabaseKey database,
        String manifest,
        String source,
        ProofKind proof,
        Origin origin,
        Instant requestedAt,
        @Nullable Instant startedAt,
        long version,
        BackupState state) {
    /// How far the clocks of two replicas may be apart.
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(1);

    /// A new one, not begun.
    static Backup pending(UUID id, Ledger.Order order, Instant now) {
        return new Backup(
                id,
                order.database(),
                order.manifest(),
                order.source(),
                order.proof(),
                order.origin(),
                now,
                null,
                0,
                new BackupState.Pending());
    }

    /// Whether nothing more happens to it by itself.
    public boolean isOver() {
        return switch (state) {
            case BackupState.Pending _, BackupState.Running _, BackupState.Verifying _ -> false;
            case BackupState.Completed _, BackupState.Failed _, BackupState.Cancelled _, BackupState.Expired _ -> true;
        };
    }

    /// Whether what this becomes will be enough, as far as can be said now: a snapshot not yet taken is not older
    /// than the start of the attempt that will take it.
    public boolean willDo(Wanted wanted, Instant now) {
        if (!source.equals(wanted.source())) {
            return false;
        }
        boolean willProve = proof.satisfies(wanted.proof());
        return switch (state) {
            case BackupState.Pending _ -> willProve && !now.isBefore(wanted.snapshotFrom());
            case BackupState.Running running -> willProve && !running.since().isBefore(wanted.snapshotFrom());
            case BackupState.Verifying verifying -> willProve && fits(verifying.archive(), wanted, now);
            case BackupState.Completed completed ->
                fits(completed.archive(), wanted, now) && completed.proves(wanted.proof());
            case BackupState.Failed _, BackupState.Cancelled _, BackupState.Expired _ -> false;
        };
    }

    private static boolean fits(Archive archive, Wanted wanted, Instant now) {
        return !archive.snapshotAt().isBefore(wanted.snapshotFrom())
                // A clock that ran ahead makes backups that would stay fresh for ever.
                && !archive.snapshotAt().isAfter(now.plus(CLOCK_TOLERANCE))
                && archive.locations().size() >= wanted.locations();
    }
}
