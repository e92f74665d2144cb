package dev.slipway.backup.link;

import dev.slipway.eventing.Prunable;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// The table of links that were made.
@Singleton
final class Links implements Prunable {
    /// How long one that ran out can still be looked up.
    private static final Duration KEPT = Duration.ofDays(30);

    /// @param uses downloads that began, each part of one counted
    record Made(
            UUID id,
            UUID backup,
            String location,
            String madeBy,
            Instant madeAt,
            Instant expiresAt,
            @Nullable Instant firstUsedAt,
            long uses) {}

    void add(Handle tx, Made link) {
        tx.execute(
                "insert into backup_link (id, backup, location, made_by, made_at, expires_at) values (?, ?, ?, ?, ?, ?)",
                link.id(),
                link.backup(),
                link.location(),
                link.madeBy(),
                link.madeAt(),
                link.expiresAt());
    }

    /// Newest first.
    List<Made> of(Handle handle, UUID backup) {
        return handle.createQuery("select * from backup_link where backup = :backup order by made_at desc, id desc")
                .bind("backup", backup)
                .map(Links::read)
                .list();
    }

    Optional<Made> find(Handle handle, UUID id) {
        return handle.createQuery("select * from backup_link where id = :id")
                .bind("id", id)
                .map(Links::read)
                .findOne();
    }

    /// @return false when there is none
    boolean remove(Handle tx, UUID backup, UUID id) {
        return tx.execute("delete from backup_link where id = ? and backup = ?", id, backup) == 1;
    }

    void used(Handle tx, UUID id, Instant now) {
        tx.createUpdate("""
                        update backup_link set uses = uses + 1, first_used_at = coalesce(first_used_at, :now)
                        where id = :id""").bind("id", id).bind("now", now).execute();
    }

    @Override
    public String table() {
        return "backup_link";
    }

    @Override
    public int prune(Handle owner, Instant now, int most) {
        return owner.createUpdate("""
                        delete from backup_link where id in (
                            select id from backup_link where expires_at < :before order by expires_at limit :most)""")
                .bind("before", now.minus(KEPT))
                .bind("most", most)
                .execute();
    }

    private static Made read(ResultSet row, StatementContext context) throws SQLException {
        Timestamp used = row.getTimestamp("first_used_at");
        return new Made(
                row.getObject("id", UUID.class),
                row.getObject("backup", UUID.class),
                row.getString("location"),
                row.getString("made_by"),
                row.getTimestamp("made_at").toInstant(),
                row.getTimestamp("expires_at").toInstant(),
                used == null ? null : used.toInstant(),
                row.getLong("uses"));
    }
}
