package dev.slipway.backup.rebuild;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.slipway.events.EventCodec;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// The table of rebuilds.
@Singleton
public final class Rebuilds {
    public void add(Handle tx, Rebuild rebuild) {
        tx.execute(
                "insert into catalogue_rebuild (id, dry_run, unsealed, requested_by, requested_at) values (?, ?, ?, ?, ?)",
                rebuild.id(),
                rebuild.dryRun(),
                rebuild.unsealed(),
                rebuild.requestedBy(),
                rebuild.requestedAt());
    }

    public Optional<Rebuild> find(Handle handle, UUID id) {
        return handle.createQuery("select * from catalogue_rebuild where id = :id")
                .bind("id", id)
                .map(Rebuilds::read)
                .findOne();
    }

    void finish(Handle tx, UUID id, Rebuild.Report report, Instant now) {
        tx.createUpdate("""
                        update catalogue_rebuild set finished_at = :now, report = cast(:report as jsonb)
                        where id = :id and finished_at is null""")
                .bind("now", now)
                .bind("report", json(report))
                .bind("id", id)
                .execute();
    }

    private static Rebuild read(ResultSet row, StatementContext context) throws SQLException {
        Timestamp finished = row.getTimestamp("finished_at");
        return new Rebuild(
                row.getObject("id", UUID.class),
                row.getBoolean("dry_run"),
                row.getBoolean("unsealed"),
                row.getString("requested_by"),
                row.getTimestamp("requested_at").toInstant(),
                finished == null ? null : finished.toInstant(),
                report(row.getString("report")));
    }

    private static String json(Rebuild.Report report) {
        try {
            return EventCodec.json().writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be stored: " + report, e);
        }
    }

    private static Rebuild.@Nullable Report report(@Nullable String json) {
        try {
            return json == null ? null : EventCodec.json().readValue(json, Rebuild.Report.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored report cannot be read: " + e.getOriginalMessage(), e);
        }
    }
}
