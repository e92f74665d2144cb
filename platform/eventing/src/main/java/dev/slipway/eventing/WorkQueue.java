package dev.slipway.eventing;

import dev.slipway.telemetry.Traces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Due work in the database: claimed with a version and a lease, so that several replicas share it and a dead one is
/// taken over. "Somebody else has it" is a normal answer.
@Singleton
public final class WorkQueue {
    /// PostgreSQL channel on which a commit wakes the runners.
    static final String CHANNEL = "slipway_work";

    static final String DUE = """
            select * from work
            where due_at <= :now and (lease_until is null or lease_until <= :now) and kind = any(:kinds)
            order by due_at limit :most for update skip locked""";

    private final Clock clock;

    public WorkQueue(Clock clock) {
        this.clock = clock;
    }

    /// Makes work due, in the open transaction: new, or moved to another time. Work that is running now runs once more
    /// after it ends.
    public void schedule(Handle tx, String kind, String id, Instant due) {
        tx.createUpdate("""
                        insert into work (kind, id, due_at, traceparent)
                        values (:kind, :id, :due, cast(:traceparent as text))
                        on conflict (kind, id) do update
                        set due_at = :due, touched = work.touched + 1, attempt = 0,
                            traceparent = coalesce(excluded.traceparent, work.traceparent)
                        returning pg_notify('%s', '')""".formatted(CHANNEL))
                .bind("kind", kind)
                .bind("id", id)
                .bind("due", due)
                .bind("traceparent", Traces.current())
                .execute();
    }

    /// Takes work off the queue. Whoever runs it now finds its claim gone and leaves nothing behind.
    public void cancel(Handle tx, String kind, String id) {
        tx.execute("delete from work where kind = ? and id = ?", kind, id);
    }

    /// Claims what is due and free.
    List<Claim> claim(Jdbi jdbi, Collection<String> kinds, String owner, Duration lease, int most) {
        Instant now = clock.instant();
        return jdbi.inTransaction(tx -> {
            List<Claim> claims = tx.createQuery(DUE)
                    .bind("now", now)
                    .bindArray("kinds", String.class, kinds.toArray())
                    .bind("most", most)
                    .map((rs, _) -> new Claim(
                            new WorkItem(
                                    rs.getString("kind"),
                                    rs.getString("id"),
                                    rs.getInt("attempt") + 1,
                                    rs.getTimestamp("lease_until") != null),
                            rs.getLong("version") + 1,
                            rs.getLong("touched"),
                            rs.getString("traceparent")))
                    .list();
            for (Claim claim : claims) {
                tx.createUpdate("""
                                update work set owner = :owner, lease_until = :until, version = :version, attempt = :attempt
                                where kind = :kind and id = :id""")
                        .bindMethods(claim.item())
                        .bind("owner", owner)
                        .bind("until", now.plus(lease))
                        .bind("version", claim.version())
                        .execute();
            }
            return claims;
        });
    }

    /// Keeps a claim for another lease. @return false when it is lost
    boolean extend(Handle handle, Claim claim, Duration lease) {
        return handle.createUpdate("""
                                update work set lease_until = :until where kind = :kind and id = :id and version = :version""")
                        .bindMethods(claim.item())
                        .bind("version", claim.version())
                        .bind("until", clock.instant().plus(lease))
                        .execute()
                == 1;
    }

    /// Ends a claim in the open transaction. The version moves on with it, or a heartbeat that comes just too late
    /// would hold the work for another lease, and make its next owner believe that it took over from a dead one.
    ///
    /// @param again when the work goes on; null when it is over
    /// @param attempt what to count from at the next claim
    /// @return false when somebody else has the work by now; the caller rolls back
    boolean end(Handle tx, Claim claim, @Nullable Instant again, int attempt, @Nullable String reason) {
        if (again == null && delete(tx, claim)) {
            return true;
        }
        Optional<Instant> next = Optional.ofNullable(again);
        return tx.createUpdate("""
                                update work set owner = null, lease_until = null, version = version + 1,
                                    attempt = :attempt, reason = :reason,
                                    due_at = case when touched = :touched then coalesce(cast(:again as timestamptz), due_at)
                                                  else least(due_at, coalesce(cast(:again as timestamptz), due_at)) end
                                where kind = :kind and id = :id and version = :version""")
                        .bind("kind", claim.item().kind())
                        .bind("id", claim.item().id())
                        .bind("version", claim.version())
                        .bind("touched", claim.touched())
                        .bind("attempt", attempt)
                        .bind("reason", reason == null ? null : PlainText.kept(reason))
                        .bind("again", next.orElse(null))
                        .execute()
                == 1;
    }

    private static boolean delete(Handle tx, Claim claim) {
        return tx.createUpdate("""
                                delete from work
                                where kind = :kind and id = :id and version = :version and touched = :touched""")
                        .bindMethods(claim.item())
                        .bind("version", claim.version())
                        .bind("touched", claim.touched())
                        .execute()
                == 1;
    }

    /// @param touched how often the work had been scheduled when it was claimed
    /// @param traceparent the trace it belongs to; absent when nobody traced
    record Claim(
            WorkItem item,
            long version,
            long touched,
            @Nullable String traceparent) {}
}
