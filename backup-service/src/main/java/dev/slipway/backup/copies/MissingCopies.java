package dev.slipway.backup.copies;

import dev.slipway.backup.ledger.DatabaseKey;
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

/// The table of locations that lack a copy of a completed backup.
@Singleton
public final class MissingCopies {
    /// @param tries how often it was tried to make one; @param fault how the last try ended
    record Missing(
            UUID backup,
            String location,
            Instant since,
            int tries,
            @Nullable String fault) {}

    /// @return false when that is known already
    boolean add(Handle tx, UUID backup, String location, Instant now) {
        return tx.execute(
                        "insert into missing_copy (backup, location, since) values (?, ?, ?) on conflict do nothing",
                        backup,
                        location,
                        now)
                == 1;
    }

    Optional<Missing> find(Handle handle, UUID backup, String location) {
        return handle.createQuery("select * from missing_copy where backup = :backup and location = :location")
                .bind("backup", backup)
                .bind("location", location)
                .map(MissingCopies::read)
                .findOne();
    }

    List<Missing> of(Handle handle, UUID backup) {
        return handle.createQuery("select * from missing_copy where backup = :backup order by location")
                .bind("backup", backup)
                .map(MissingCopies::read)
                .list();
    }

    /// Whether any completed backup of a database lacks a copy.
    boolean any(Handle handle, DatabaseKey database) {
        return handle.createQuery("""
                        select exists (select from missing_copy m join backup b on b.id = m.backup
                            where b.application = :application and b.database = :name and b.phase = 'completed')""")
                .bindMethods(database)
                .mapTo(Boolean.class)
                .one();
    }

    void tried(Handle tx, Missing missing, String fault) {
        tx.execute(
                "update missing_copy set tries = tries + 1, fault = ? where backup = ? and location = ?",
                fault,
                missing.backup(),
                missing.location());
    }

    void done(Handle tx, UUID backup, String location) {
        tx.execute("delete from missing_copy where backup = ? and location = ?", backup, location);
    }

    private static Missing read(ResultSet row, StatementContext context) throws SQLException {
        return new Missing(
                row.getObject("backup", UUID.class),
                row.getString("location"),
                row.getTimestamp("since").toInstant(),
                row.getInt("tries"),
                row.getString("fault"));
    }
}
