package dev.slipway.backup.retention;

import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.web.PageRequest;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// The table of reports: what retention kept, and whether it worked.
@Singleton
final class Reports {
    /// @param expired let go since the report before
    /// @param leftOver copies that are to be removed and are still there
    record Report(
            UUID id,
            Instant at,
            int kept,
            long keptBytes,
            int expired,
            int leftOver,
            @Nullable Instant oldest,
            @Nullable Instant newest,
            boolean ok,
            String reason) {}

    /// What the ledger has of one database.
    record Stock(
            int kept,
            long bytes,
            int expired,
            @Nullable Instant oldest,
            @Nullable Instant newest) {}

    Stock stock(Handle handle, DatabaseKey database, Instant since) {
        return handle.createQuery("""
                        select count(*) filter (where phase = 'completed') as kept,
                            coalesce(sum(cast(state -> 'archive' ->> 'sizeBytes' as bigint)
                                * jsonb_array_length(state -> 'archive' -> 'locations'))
                                filter (where phase = 'completed'), 0) as bytes,
                            count(*) filter (where phase = 'expired'
                                and cast(state ->> 'expiredAt' as timestamptz) > :since) as expired,
                            min(snapshot_at) filter (where phase = 'completed') as oldest,
                            max(snapshot_at) filter (where phase = 'completed') as newest
                        from backup where application = :application and database = :name""")
                .bindMethods(database)
                .bind("since", since)
                .map((row, _) -> new Stock(
                        row.getInt("kept"),
                        row.getLong("bytes"),
                        row.getInt("expired"),
                        instant(row, "oldest"),
                        instant(row, "newest")))
                .one();
    }

    void add(Handle tx, DatabaseKey database, Report report) {
        tx.createUpdate("""
                        insert into retention_report (id, application, database, at, kept, kept_bytes, expired, left_over,
                            oldest, newest, ok, reason)
                        values (:id, :application, :name, :at, :kept, :keptBytes, :expired, :leftOver,
                            cast(:oldest as timestamptz), cast(:newest as timestamptz), :ok, :reason)""")
                .bindMethods(database)
                .bind("id", report.id())
                .bind("at", report.at())
                .bind("kept", report.kept())
                .bind("keptBytes", report.keptBytes())
                .bind("expired", report.expired())
                .bind("leftOver", report.leftOver())
                .bind("oldest", report.oldest())
                .bind("newest", report.newest())
                .bind("ok", report.ok())
                .bind("reason", report.reason())
                .execute();
    }

    Optional<Report> last(Handle handle, DatabaseKey database) {
        return list(handle, database, new PageRequest(List.of(), 1)).stream().findFirst();
    }

    /// Newest first. @param page after (time, id)
    List<Report> list(Handle handle, DatabaseKey database, PageRequest page) {
        return handle.createQuery("""
                        select * from retention_report
                        where application = :application and database = :name and (:first or (at, id) < (:before, :id))
                        order by at desc, id desc limit :limit""")
                .bindMethods(database)
                .bind("first", page.first())
                .bind("before", page.first() ? Instant.EPOCH : page.after(0, Instant::parse))
                .bind("id", page.first() ? new UUID(0, 0) : page.after(1, UUID::fromString))
                .bind("limit", page.fetch())
                .map(Reports::read)
                .list();
    }

    private static Report read(ResultSet row, StatementContext context) throws SQLException {
        return new Report(
                row.getObject("id", UUID.class),
                row.getTimestamp("at").toInstant(),
                row.getInt("kept"),
                row.getLong("kept_bytes"),
                row.getInt("expired"),
                row.getInt("left_over"),
                instant(row, "oldest"),
                instant(row, "newest"),
                row.getBoolean("ok"),
                row.getString("reason"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp value = row.getTimestamp(column);
        return value == null ? null : value.toInstant();
    }
}
