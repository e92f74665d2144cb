package dev.slipway.backup.retention;

import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.retention.Retention.Candidate;
import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// The tables of what is kept whatever the rules say: pins and holds; and what there is to decide about.
@Singleton
public final class Keeps {
    /// Keeps a backup; a newer reason takes the place of an older one.
    void pin(Handle tx, UUID backup, Pin pin) {
        tx.createUpdate("""
                        insert into backup_pin (backup, reason, by, at) values (:backup, :reason, :by, :at)
                        on conflict (backup) do update set reason = :reason, by = :by, at = :at""").bind("backup", backup).bindMethods(pin).execute();
    }

    void unpin(Handle tx, UUID backup) {
        tx.execute("delete from backup_pin where backup = ?", backup);
    }

    public Optional<Pin> pin(Handle handle, UUID backup) {
        return handle.createQuery("select * from backup_pin where backup = :backup")
                .bind("backup", backup)
                .map((row, _) -> new Pin(
                        row.getString("reason"),
                        row.getString("by"),
                        row.getTimestamp("at").toInstant()))
                .findOne();
    }

    /// A release relies on a backup from now on. @return false when it was let go
    public boolean hold(Handle tx, UUID backup, UUID release, Instant now) {
        tx.createUpdate("""
                        insert into backup_hold (backup, release, since) values (:backup, :release, :now)
                        on conflict (backup, release) do nothing""")
                .bind("backup", backup)
                .bind("release", release)
                .bind("now", now)
                .execute();
        // The row above waits for whoever lets the backup go, and what is read here is from after that.
        return isCompleted(tx, backup);
    }

    private static boolean isCompleted(Handle tx, UUID backup) {
        return tx.createQuery("select phase = 'completed' from backup where id = :backup")
                .bind("backup", backup)
                .mapTo(Boolean.class)
                .one();
    }

    public List<Hold> holds(Handle handle, UUID backup, Instant now) {
        return handle.createQuery("""
                        select * from backup_hold where backup = :backup and (until is null or until > :now)
                        order by since, release""")
                .bind("backup", backup)
                .bind("now", now)
                .map((row, _) -> new Hold(
                        row.getObject("release", UUID.class),
                        row.getTimestamp("since").toInstant(),
                        Optional.ofNullable(row.getTimestamp("until"))
                                .map(Timestamp::toInstant)
                                .orElse(null)))
                .list();
    }

    /// The databases whose backups a release that is not over relies on.
    List<DatabaseKey> heldBy(Handle handle, UUID release) {
        return handle.createQuery("""
                        select distinct application, database from backup_hold h join backup b on b.id = h.backup
                        where h.release = :release and h.until is null""")
                .bind("release", release)
                .map((row, _) -> new DatabaseKey(row.getString(1), row.getString(2)))
                .list();
    }

    /// Ends a release's holds on the backups of one database at some time.
    void release(Handle tx, UUID release, DatabaseKey database, Instant until) {
        tx.createUpdate("""
                        update backup_hold h set until = :until from backup b
                        where b.id = h.backup and h.release = :release and h.until is null
                          and b.application = :application and b.database = :name""")
                .bind("release", release)
                .bind("until", until)
                .bindMethods(database)
                .execute();
    }

    /// The backups of one database that are over and not gone.
    List<Candidate> candidates(Handle handle, DatabaseKey database, Instant now) {
        return handle.createQuery("""
                        select b.id, b.source, b.phase, p.reason as pin,
                            coalesce(b.snapshot_at, cast(b.state ->> 'finishedAt' as timestamptz)) as at,
                            cast(b.state ->> 'finishedAt' as timestamptz) as ended_at,
                            array(select h.release::text from backup_hold h
                                where h.backup = b.id and (h.until is null or h.until > :now) order by 1) as holds
                        from backup b left join backup_pin p on p.backup = b.id
                        where b.application = :application and b.database = :name and b.phase in ('completed', 'failed')""")
                .bindMethods(database)
                .bind("now", now)
                .map(Keeps::candidate)
                .list();
    }

    private static Candidate candidate(ResultSet row, StatementContext context) throws SQLException {
        boolean proved = row.getString("phase").equals("completed");
        Array holds = row.getArray("holds");
        return new Candidate(
                row.getObject("id", UUID.class),
                row.getString("source"),
                proved,
                row.getTimestamp(proved ? "at" : "ended_at").toInstant(),
                row.getString("pin"),
                new ArrayList<>(List.of((String[]) holds.getArray())));
    }
}
