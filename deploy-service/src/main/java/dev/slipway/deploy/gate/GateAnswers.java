package dev.slipway.deploy.gate;

import dev.slipway.events.GateAnswered;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Every answer of every gate. One that says the same as the gate's last is not written again.
@Singleton
public final class GateAnswers {
    private static final String COLUMNS = "gate, verdict, reason, until, at";

    /// @param verdict `open`, `hold` or `deny`
    /// @param at when the gate first said so
    public record Kept(
            String gate,
            String verdict,
            String reason,
            @Nullable Instant until,
            Instant at) {
        GateAnswered event() {
            return new GateAnswered(gate, verdict, reason, until);
        }
    }

    /// What each gate says now, in the order the gates first answered.
    public List<Kept> latest(Handle tx, UUID release) {
        return tx.createQuery("""
                        select %s from (
                            select distinct on (gate) *, min(id) over (partition by gate) as first
                            from gate_answer where release = :release order by gate, id desc) latest
                        order by first""".formatted(COLUMNS))
                .bind("release", release)
                .map((rs, _) -> kept(rs))
                .list();
    }

    /// Everything the gates said, in order.
    public List<Kept> all(Handle tx, UUID release) {
        return tx.createQuery("select %s from gate_answer where release = :release order by id".formatted(COLUMNS))
                .bind("release", release)
                .map((rs, _) -> kept(rs))
                .list();
    }

    void add(Handle tx, UUID release, Kept answer) {
        tx.createUpdate("""
                        insert into gate_answer (release, gate, verdict, reason, until, at)
                        values (:release, :gate, :verdict, :reason, cast(:until as timestamptz), :at)""").bind("release", release).bindMethods(answer).execute();
    }

    private static Kept kept(ResultSet rs) throws SQLException {
        Timestamp until = rs.getTimestamp("until");
        return new Kept(
                rs.getString("gate"),
                rs.getString("verdict"),
                rs.getString("reason"),
                until == null ? null : until.toInstant(),
                rs.getTimestamp("at").toInstant());
    }
}
