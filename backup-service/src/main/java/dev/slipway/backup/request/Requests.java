package dev.slipway.backup.request;

import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.ledger.FailureReason;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// The table of requests. The outcome of each is written once.
@Singleton
final class Requests {
    /// Keeps a new request.
    ///
    /// @return false when a request with this id came before, whatever became of it
    boolean add(Handle tx, BackupRequest request) {
        return tx.createUpdate("""
                                insert into backup_request (request_id, application, database, manifest, release, chain_id,
                                    snapshot_from, locations, proof, requested_at, deadline, outcome)
                                values (:id, :application, :name, :manifest, :release, :chainId,
                                    :snapshotFrom, :locations, :proof, :requestedAt, :deadline, 'waiting')
                                on conflict (request_id) do nothing""")
                        .bind("id", request.id())
                        .bind("application", request.database().application())
                        .bind("name", request.database().name())
                        .bind("manifest", request.manifest())
                        .bind("release", request.release())
                        .bind("chainId", request.chainId())
                        .bind("snapshotFrom", request.snapshotFrom())
                        .bind("locations", request.locations())
                        .bind("proof", request.proof())
                        .bind("requestedAt", request.requestedAt())
                        .bind("deadline", request.deadline())
                        .execute()
                == 1;
    }

    /// A request that was not answered.
    Optional<BackupRequest> waiting(Handle handle, UUID id) {
        return handle.createQuery("select * from backup_request where request_id = :id and outcome = 'waiting'")
                .bind("id", id)
                .map(Requests::read)
                .findOne();
    }

    /// The requests that wait for the end of a backup.
    List<BackupRequest> waitingFor(Handle tx, UUID backup) {
        return tx.createQuery("""
                        select * from backup_request where backup = :backup and outcome = 'waiting'
                        order by requested_at, request_id""").bind("backup", backup).map(Requests::read).list();
    }

    /// Lets a request wait for a backup, or for none.
    void waitFor(Handle tx, BackupRequest request, @Nullable UUID backup) {
        tx.createUpdate(
                        "update backup_request set backup = cast(:backup as uuid) where request_id = :id and outcome = 'waiting'")
                .bind("backup", backup)
                .bind("id", request.id())
                .execute();
    }

    /// Ends a request. @param reason why there is no backup; null when there is. @return false when it was
    /// answered before
    boolean end(Handle tx, BackupRequest request, @Nullable UUID backup, @Nullable FailureReason reason, Instant now) {
        return tx.createUpdate("""
                                update backup_request
                                set outcome = :outcome, reason = :reason, backup = cast(:backup as uuid), answered_at = :now
                                where request_id = :id and outcome = 'waiting'""")
                        .bind("outcome", reason == null ? "verified" : "failed")
                        .bind("reason", reason == null ? null : reason.label())
                        .bind("backup", backup)
                        .bind("now", now)
                        .bind("id", request.id())
                        .execute()
                == 1;
    }

    private static BackupRequest read(ResultSet row, StatementContext context) throws SQLException {
        return new BackupRequest(
                row.getObject("request_id", UUID.class),
                new DatabaseKey(row.getString("application"), row.getString("database")),
                row.getString("manifest"),
                row.getObject("release", UUID.class),
                row.getObject("chain_id", UUID.class),
                row.getTimestamp("snapshot_from").toInstant(),
                row.getInt("locations"),
                row.getString("proof"),
                row.getTimestamp("requested_at").toInstant(),
                row.getTimestamp("deadline").toInstant(),
                row.getObject("backup", UUID.class));
    }
}
