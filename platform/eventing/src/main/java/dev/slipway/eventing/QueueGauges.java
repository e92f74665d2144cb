package dev.slipway.eventing;

import dev.slipway.telemetry.DatabaseGauges;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// How much waits in the outbox, in the inbox and in the due work, and for how long.
@Singleton
final class QueueGauges implements DatabaseGauges {
    /// What is counted at most: the difference between a lot and more is not worth reading a long queue for.
    private static final String UNPUBLISHED = "outbox where published_at is null and set_aside_at is null";

    private static final int MOST = 100_000;

    /// Work that is due for longer than this, and that nobody has begun, is overdue.
    private static final Duration OVERDUE = Duration.ofSeconds(30);

    private static final Gauge OUTBOX =
            new Gauge("slipway.outbox.unpublished", "Events that wait to be published, 100000 at most");
    private static final Gauge OUTBOX_AGE =
            new Gauge("slipway.outbox.oldest.age.seconds", "Age of the oldest event that waits to be published");
    private static final Gauge INBOX =
            new Gauge("slipway.inbox.pending", "Events that wait to be worked off, 100000 at most");
    private static final Gauge INBOX_AGE =
            new Gauge("slipway.inbox.oldest.age.seconds", "Age of the oldest event that waits to be worked off");
    private static final Gauge DEAD =
            new Gauge("slipway.inbox.dead.letters", "Events that were given up and hold their keys, by reason");
    private static final Gauge DUE = new Gauge("slipway.work.due", "Work that is due and that nobody has begun");
    private static final Gauge OVERDUE_WORK =
            new Gauge("slipway.work.overdue", "Work that is due for more than 30 s and that nobody has begun");
    private static final Gauge DUE_AGE =
            new Gauge("slipway.work.oldest.due.age.seconds", "How long the longest waiting work is due");
    private static final Gauge RUNNING = new Gauge("slipway.work.running", "Work under a living lease");

    private final String[] kinds;

    QueueGauges(@All List<WorkHandler> handlers) {
        this.kinds = handlers.stream().map(WorkHandler::kind).sorted().toArray(String[]::new);
    }

    @Override
    public List<Reading> read(Handle database, Instant now) {
        List<Reading> all = new ArrayList<>();
        all.addAll(waiting(database, now, OUTBOX, OUTBOX_AGE, "created_at", UNPUBLISHED));
        all.addAll(waiting(database, now, INBOX, INBOX_AGE, "received_at", "inbox where state = 'pending'"));
        all.addAll(deadLetters(database));
        all.addAll(work(database, now));
        return all;
    }

    /// The queues are ordered by seq, and their partial indexes are, too: the first one is the oldest.
    private static List<Reading> waiting(
            Handle database, Instant now, Gauge size, Gauge age, String since, String queue) {
        return database.createQuery("""
                        select (select count(*) from (select from %2$s limit :most) as part) as size,
                               (select %1$s from %2$s order by seq limit 1) as oldest""".formatted(since, queue))
                .bind("most", MOST)
                .map((rs, _) -> List.of(size.of(rs.getLong("size")), age.of(ageOf(rs, now))))
                .one();
    }

    private static List<Reading> deadLetters(Handle database) {
        return database.createQuery("""
                        select count(*) filter (where source = :unreadable) as unreadable,
                               count(*) filter (where reason like :gave_up || '%') as gave_up, count(*) as dead
                        from (select source, reason from inbox where state = 'dead' limit :most) as part""")
                .bind("unreadable", Inbox.UNREADABLE)
                .bind("gave_up", InboxWorker.GAVE_UP)
                .bind("most", MOST)
                .map((rs, _) -> {
                    long unreadable = rs.getLong("unreadable");
                    long gaveUp = rs.getLong("gave_up");
                    return List.of(
                            DEAD.of(unreadable, "reason", "unreadable"),
                            DEAD.of(gaveUp, "reason", "gave_up"),
                            DEAD.of(rs.getLong("dead") - unreadable - gaveUp, "reason", "permanent"));
                })
                .one();
    }

    private List<Reading> work(Handle database, Instant now) {
        return database
                .createQuery("""
                        select kinds.kind, count(*) filter (where free) as due, min(due_at) filter (where free) as oldest,
                               count(*) filter (where free and due_at < :overdue) as overdue,
                               count(*) filter (where not free) as running
                        from unnest(:kinds) as kinds (kind)
                        left join (select kind, due_at, lease_until is null or lease_until <= :now as free from work
                                   where due_at <= :now or lease_until > :now) as work using (kind)
                        group by kinds.kind order by kinds.kind""")
                .bind("now", now)
                .bind("overdue", now.minus(OVERDUE))
                .bindArray("kinds", String.class, (Object[]) kinds)
                .map((rs, _) -> {
                    String kind = rs.getString("kind");
                    return List.of(
                            DUE.of(rs.getLong("due"), "kind", kind),
                            OVERDUE_WORK.of(rs.getLong("overdue"), "kind", kind),
                            DUE_AGE.of(ageOf(rs, now), "kind", kind),
                            RUNNING.of(rs.getLong("running"), "kind", kind));
                })
                .list()
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    private static double ageOf(ResultSet rs, Instant now) throws SQLException {
        var oldest = rs.getTimestamp("oldest");
        return oldest == null
                ? 0
                : Math.max(0, Duration.between(oldest.toInstant(), now).toMillis() / 1_000.0);
    }
}
