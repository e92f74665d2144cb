package dev.slipway.manifest;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/// The tables `manifest` and `manifest_current`.
final class ManifestRows {
    private static final String SELECT = "select m.application, m.hash, m.text, m.stored_at from manifest m ";
    private static final String SELECT_CURRENT =
            SELECT + "join manifest_current c on c.application = m.application and c.hash = m.hash ";

    private ManifestRows() {}

    record Row(String application, String hash, String text, Instant storedAt) {
        private static Row of(ResultSet row, StatementContext context) throws SQLException {
            return new Row(
                    row.getString("application"), row.getString("hash"), row.getString("text"), instant(row, context));
        }
    }

    private static Instant instant(ResultSet row, StatementContext context) throws SQLException {
        return row.getObject("stored_at", OffsetDateTime.class).toInstant();
    }

    static Optional<Row> current(Handle handle, String application) {
        return handle.createQuery(SELECT_CURRENT + "where m.application = :application")
                .bind("application", application)
                .map(Row::of)
                .findOne();
    }

    static List<Row> allCurrent(Handle handle) {
        return handle.createQuery(SELECT_CURRENT + "order by m.application")
                .map(Row::of)
                .list();
    }

    static Optional<Row> byHash(Handle handle, String application, String hash) {
        return handle.createQuery(SELECT + "where m.application = :application and m.hash = :hash")
                .bind("application", application)
                .bind("hash", hash)
                .map(Row::of)
                .findOne();
    }

    static Optional<String> currentHash(Handle handle, String application) {
        return handle.createQuery("select hash from manifest_current where application = :application")
                .bind("application", application)
                .mapTo(String.class)
                .findOne();
    }

    /// The current version; nobody else changes this application's manifest until the transaction ends, also when it
    /// has none yet.
    static Optional<String> lockCurrent(Handle tx, String application) {
        tx.createQuery(
                        "select 1 from (select pg_advisory_xact_lock(hashtextextended('manifest/' || :application, 0))) locked")
                .bind("application", application)
                .mapTo(Integer.class)
                .one();
        return currentHash(tx, application);
    }

    /// Keeps a version, unless it is kept already. @return when it was first kept
    static Instant keep(Handle tx, String application, String hash, String text, Instant now, String by) {
        tx.createUpdate("""
                        insert into manifest (application, hash, text, stored_at, stored_by)
                        values (:application, :hash, :text, :now, :by)
                        on conflict (application, hash) do nothing""")
                .bind("application", application)
                .bind("hash", hash)
                .bind("text", text)
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .bind("by", by)
                .execute();
        return tx.createQuery("select stored_at from manifest where application = :application and hash = :hash")
                .bind("application", application)
                .bind("hash", hash)
                .map(ManifestRows::instant)
                .one();
    }

    static void makeCurrent(Handle tx, String application, String hash, Instant now) {
        tx.createUpdate("""
                        insert into manifest_current (application, hash, since)
                        values (:application, :hash, :now)
                        on conflict (application) do update set hash = excluded.hash, since = excluded.since""")
                .bind("application", application)
                .bind("hash", hash)
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .execute();
    }
}
