package dev.slipway.backup.watchdog;

import dev.slipway.backup.ledger.DatabaseKey;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// The table of databases that are looked after, and since when.
final class Guarded {
    /// Since when; from now on when it is new, or when another database has its name now.
    Instant since(Handle tx, DatabaseKey database, String source, Instant now) {
        return tx.createQuery("""
                        insert into guarded_database (application, database, source, since)
                        values (:application, :name, :source, :now)
                        on conflict (application, database) do update
                        set source = :source,
                            since = case when guarded_database.source = :source then guarded_database.since else :now end
                        returning since""")
                .bindMethods(database)
                .bind("source", source)
                .bind("now", now)
                .map((row, _) -> row.getTimestamp(1).toInstant())
                .one();
    }

    List<DatabaseKey> all(Handle handle) {
        return handle.createQuery("select application, database from guarded_database order by 1, 2")
                .map((row, _) -> new DatabaseKey(row.getString(1), row.getString(2)))
                .list();
    }

    void remove(Handle tx, DatabaseKey database) {
        tx.execute(
                "delete from guarded_database where application = ? and database = ?",
                database.application(),
                database.name());
    }
}
