package dev.slipway.backup.retention;

import dev.slipway.backup.ledger.DatabaseKey;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The table of bytes that are to be removed and may still be there.
@Singleton
public final class Expiries {
    /// @param tries how often it was tried; @param fault how the last try ended
    record Expiry(
            UUID backup,
            String location,
            Instant since,
            int tries,
            @Nullable String fault) {}

    void add(Handle tx, UUID backup, String location, Instant now) {
        tx.execute(
                "insert into expiry (backup, location, since) values (?, ?, ?) on conflict do nothing",
                backup,
                location,
                now);
    }

    Optional<Expiry> find(Handle handle, UUID backup, String location) {
        return handle.createQuery("select * from expiry where backup = :backup and location = :location")
                .bind("backup", backup)
                .bind("location", location)
                .map((row, _) -> new Expiry(
                        backup,
                        location,
                        row.getTimestamp("since").toInstant(),
                        row.getInt("tries"),
                        row.getString("fault")))
                .findOne();
    }

    /// What is left of one database's, oldest first.
    List<Expiry> left(Handle handle, DatabaseKey database) {
        return handle.createQuery("""
                        select e.* from expiry e join backup b on b.id = e.backup
                        where b.application = :application and b.database = :name
                        order by e.since, e.backup, e.location""")
                .bindMethods(database)
                .map((row, _) -> new Expiry(
                        row.getObject("backup", UUID.class),
                        row.getString("location"),
                        row.getTimestamp("since").toInstant(),
                        row.getInt("tries"),
                        row.getString("fault")))
                .list();
    }

    void tried(Handle tx, Expiry expiry, String fault) {
        tx.execute(
                "update expiry set tries = tries + 1, fault = ? where backup = ? and location = ?",
                fault,
                expiry.backup(),
                expiry.location());
    }

    void done(Handle tx, Expiry expiry) {
        tx.execute("delete from expiry where backup = ? and location = ?", expiry.backup(), expiry.location());
    }
}
