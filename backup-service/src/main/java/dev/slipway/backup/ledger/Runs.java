package dev.slipway.backup.ledger;

import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// The tables of how far backups are, and of which ones are to be cancelled: how replicas speak of a run to each other.
@Singleton
public final class Runs {
    /// Whether a run that began with this version of its backup still is the one that counts: after it nobody but
    /// itself changed the backup, by storing it.
    private static final String OURS = """
            id = :id and ((version = :begun and phase in ('running', 'verifying'))
                or (version = :begun + 1 and phase = 'verifying' and :dumps))""";

    public boolean isOurs(Handle handle, Backup begun) {
        return handle.createQuery("select exists (select from backup where " + OURS + ")")
                .bind("id", begun.id())
                .bind("begun", begun.version())
                .bind("dumps", begun.state() instanceof BackupState.Running)
                .mapTo(Boolean.class)
                .one();
    }

    /// Writes how far a run is. @return false when another worker has the backup
    public boolean report(Handle tx, Backup begun, Progress progress) {
        return tx.createUpdate("""
                                insert into backup_progress (backup, stage, since, at, bytes, tables_done, tables,
                                    bytes_per_second, seconds_left)
                                select id, :stage, :since, :at, :bytes, :tablesDone, :tables, :bytesPerSecond, :secondsLeft
                                from backup where """ + " " + OURS + """

                                on conflict (backup) do update set stage = excluded.stage, since = excluded.since,
                                    at = excluded.at, bytes = excluded.bytes, tables_done = excluded.tables_done,
                                    tables = excluded.tables, bytes_per_second = excluded.bytes_per_second,
                                    seconds_left = excluded.seconds_left""")
                        .bindMethods(progress)
                        .bind("id", begun.id())
                        .bind("begun", begun.version())
                        .bind("dumps", begun.state() instanceof BackupState.Running)
                        .execute()
                == 1;
    }

    public Optional<Progress> progress(Handle handle, UUID backup) {
        return handle.createQuery("select * from backup_progress where backup = :id")
                .bind("id", backup)
                .map(Runs::read)
                .findOne();
    }

    /// Keeps the wish; the first one stands.
    public void cancel(Handle tx, CancelWish wish) {
        tx.createUpdate("""
                        insert into backup_cancel (backup, by, reason, at) values (:backup, :by, :reason, :at)
                        on conflict do nothing""").bindMethods(wish).execute();
    }

    public Optional<CancelWish> wish(Handle handle, UUID backup) {
        return handle.createQuery("select * from backup_cancel where backup = :id")
                .bind("id", backup)
                .map((row, _) -> new CancelWish(
                        backup,
                        row.getString("by"),
                        row.getString("reason"),
                        row.getTimestamp("at").toInstant()))
                .findOne();
    }

    /// The backup is over: nobody asks how far it is.
    public void over(Handle tx, UUID backup) {
        tx.execute("delete from backup_progress where backup = ?", backup);
    }

    private static Progress read(ResultSet row, StatementContext context) throws SQLException {
        Instant since = row.getTimestamp("since").toInstant();
        return new Progress(
                row.getObject("backup", UUID.class),
                row.getString("stage"),
                since,
                row.getTimestamp("at").toInstant(),
                row.getLong("bytes"),
                row.getObject("tables_done", Integer.class),
                row.getObject("tables", Integer.class),
                row.getLong("bytes_per_second"),
                row.getObject("seconds_left", Long.class));
    }
}
