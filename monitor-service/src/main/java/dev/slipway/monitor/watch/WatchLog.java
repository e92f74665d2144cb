package dev.slipway.monitor.watch;

import dev.slipway.monitor.evidence.Counts;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/// What a watch saw, batch by batch, and what it found. Only ever appended to.
@Singleton
final class WatchLog {

    /// The batches of one step, oldest first.
    List<Batch> batches(Handle handle, UUID release, UUID step) {
        return handle.createQuery("""
                        select * from watch_batch where release = :release and step = :step order by number""")
                .bind("release", release)
                .bind("step", step)
                .map((rs, _) -> new Batch(
                        rs.getInt("number"),
                        rs.getTimestamp("started_at").toInstant(),
                        rs.getTimestamp("ended_at").toInstant(),
                        counts(rs)))
                .list();
    }

    void append(Handle tx, UUID release, UUID step, List<Batch> batches) {
        if (batches.isEmpty()) {
            return;
        }
        PreparedBatch rows = tx.prepareBatch("""
                insert into watch_batch (release, step, number, started_at, ended_at, candidate_requests,
                                         candidate_errors, baseline_requests, baseline_errors)
                values (:release, :step, :number, :startedAt, :endedAt, :candidateRequests,
                        :candidateErrors, :baselineRequests, :baselineErrors)""");
        for (Batch batch : batches) {
            rows.bind("release", release)
                    .bind("step", step)
                    .bind("number", batch.number())
                    .bind("startedAt", batch.startedAt())
                    .bind("endedAt", batch.endedAt())
                    .bindMethods(batch.total())
                    .add();
        }
        rows.execute();
    }

    /// Appends a check; its number is given by the database.
    void append(Handle tx, UUID release, Check check) {
        tx.createUpdate("""
                        insert into watch_check (release, step, at, verdict, reason, candidate_requests,
                            candidate_errors, baseline_requests, baseline_errors, log_gated, log_ungated, log_promote, phi)
                        values (:release, :step, :at, :verdict, :reason, :candidateRequests,
                            :candidateErrors, :baselineRequests, :baselineErrors, :logGated,
                            :logUngated, :logPromote, :phi)""")
                .bind("release", release)
                .bind("step", check.step())
                .bind("at", check.at())
                .bind("verdict", check.verdict())
                .bind("reason", check.reason())
                .bindMethods(check.counts())
                .bind("logGated", check.logGated())
                .bind("logUngated", check.logUngated())
                .bind("logPromote", check.logPromote())
                .bind("phi", check.phi())
                .execute();
    }

    /// The checks of a release, newest first.
    ///
    /// @param before only those older than the check with this number
    List<Check> checks(Handle handle, UUID release, Optional<UUID> step, Optional<Long> before, int most) {
        return handle.createQuery("""
                        select * from watch_check where release = :release and seq < :before
                          and (cast(:step as uuid) is null or step = cast(:step as uuid))
                        order by seq desc limit :most""")
                .bind("release", release)
                .bind("before", before.orElse(Long.MAX_VALUE))
                .bind("step", step.orElse(null))
                .bind("most", most)
                .map((rs, _) -> check(rs))
                .list();
    }

    private static Check check(ResultSet rs) throws SQLException {
        return new Check(
                rs.getLong("seq"),
                rs.getObject("step", UUID.class),
                rs.getTimestamp("at").toInstant(),
                rs.getString("verdict"),
                rs.getString("reason"),
                counts(rs),
                evidence(rs, "log_gated"),
                evidence(rs, "log_ungated"),
                evidence(rs, "log_promote"),
                rs.getDouble("phi"));
    }

    private static @Nullable Double evidence(ResultSet rs, String column) throws SQLException {
        return rs.getObject(column, Double.class);
    }

    private static Counts counts(ResultSet rs) throws SQLException {
        return new Counts(
                rs.getLong("candidate_requests"),
                rs.getLong("candidate_errors"),
                rs.getLong("baseline_requests"),
                rs.getLong("baseline_errors"));
    }
}
