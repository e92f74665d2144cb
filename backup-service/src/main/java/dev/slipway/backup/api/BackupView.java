package dev.slipway.backup.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.BackupState.Completed;
import dev.slipway.backup.ledger.BackupState.Expired;
import dev.slipway.backup.ledger.BackupState.Failed;
import dev.slipway.backup.ledger.CancelWish;
import dev.slipway.backup.ledger.Progress;
import dev.slipway.backup.ledger.Proof;
import dev.slipway.backup.retention.Hold;
import dev.slipway.backup.retention.Pin;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A backup as its readers see it; what its state does not have is absent.
///
/// @param state `pending`, `running`, `verifying`, `completed`, `failed`, `cancelled` or `expired`
/// @param reason why it failed, one of a closed set; `message` says it for people
/// @param proof what is to be proved of it, `proofs` what was
/// @param rows of all tables in the snapshot; `tables` has each one's, in the answer for a single backup only
/// @param locations where it lies
/// @param why it was let go, and `expiredAt` when
/// @param pin why somebody keeps it, and `holds` which releases rely on it: in the answer for a single backup only
/// @param progress how far it is while it runs, and `cancel` who wanted it cancelled: in the answer for a single backup
/// only
@JsonInclude(JsonInclude.Include.NON_NULL)
record BackupView(
        UUID id,
        String application,
        String database,
        String state,
        @Nullable String reason,
        @Nullable String message,
        String proof,
        String requestedBy,
        Instant requestedAt,
        @Nullable Instant startedAt,
        @Nullable Instant snapshotAt,
        @Nullable Instant finishedAt,
        @Nullable Long sizeBytes,
        @Nullable String sha256,
        @Nullable Long databaseBytes,
        @Nullable String serverVersion,
        @Nullable String clientVersion,
        @Nullable Long rows,
        @Nullable SortedMap<String, Long> tables,
        List<ProofView> proofs,
        List<String> locations,
        @Nullable UUID release,
        String manifest,
        @Nullable Instant expiredAt,
        @Nullable String why,
        @Nullable Pin pin,
        @Nullable List<Hold> holds,
        @Nullable ProgressView progress,
        @Nullable CancelWish cancel) {

    /// @param took ISO-8601 duration
    record ProofView(String kind, Instant at, String took, String detail) {
        static ProofView of(Proof proof) {
            return new ProofView(proof.kind().label(), proof.at(), proof.took().toString(), proof.detail());
        }
    }

    /// With the rows of every table.
    static BackupView of(Backup backup) {
        return of(backup, null, List.of());
    }

    /// With the rows of every table and what keeps it.
    static BackupView of(Backup backup, @Nullable Pin pin, List<Hold> holds) {
        Archive archive = backup.state().archive();
        return of(backup, archive == null ? null : archive.tables(), pin, holds);
    }

    /// As an item of a list.
    static BackupView brief(Backup backup) {
        return of(backup, null, null, null);
    }

    private static BackupView of(
            Backup backup, @Nullable SortedMap<String, Long> tables, @Nullable Pin pin, @Nullable List<Hold> holds) {
        BackupState state = backup.state();
        Archive archive = state.archive();
        Completed completed = state instanceof Completed it ? it : null;
        Failed failed = state instanceof Failed it ? it : null;
        Expired expired = state instanceof Expired it ? it : null;
        return new BackupView(
                backup.id(),
                backup.database().application(),
                backup.database().name(),
                state.phase().label(),
                failed == null ? null : failed.reason().label(),
                failed == null ? null : failed.message(),
                backup.proof().label(),
                backup.origin().by(),
                backup.requestedAt(),
                backup.startedAt(),
                archive == null ? null : archive.snapshotAt(),
                state.endedAt(),
                archive == null ? null : archive.sizeBytes(),
                archive == null ? null : archive.sha256(),
                archive == null ? null : archive.databaseBytes(),
                archive == null ? null : archive.serverVersion(),
                archive == null ? null : archive.clientVersion(),
                archive == null ? null : archive.totalRows(),
                tables,
                completed == null
                        ? List.of()
                        : completed.proofs().stream().map(ProofView::of).toList(),
                completed == null ? List.of() : completed.archive().locations(),
                backup.origin().release(),
                backup.manifest(),
                expired == null ? null : expired.expiredAt(),
                expired == null ? null : expired.why(),
                pin,
                holds,
                null,
                null);
    }

    /// With how it goes on.
    BackupView with(@Nullable Progress goingOn, @Nullable CancelWish wish) {
        return new BackupView(
                id,
                application,
                database,
                state,
                reason,
                message,
                proof,
                requestedBy,
                requestedAt,
                startedAt,
                snapshotAt,
                finishedAt,
                sizeBytes,
                sha256,
                databaseBytes,
                serverVersion,
                clientVersion,
                rows,
                tables,
                proofs,
                locations,
                release,
                manifest,
                expiredAt,
                why,
                pin,
                holds,
                goingOn == null ? null : ProgressView.of(goingOn),
                wish);
    }
}
