package dev.slipway.backup.drill;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.slipway.backup.drill.Drill.State;
import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.proof.DrillReport;
import dev.slipway.eventing.Ids;
import dev.slipway.eventing.Prunable;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.events.EventCodec;
import dev.slipway.web.PageRequest;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// The table of drills.
@Singleton
public final class Drills implements Prunable {
    /// The kind of due work that makes a drill: its id is the drill's.
    static final String KIND = "drill";

    /// A year of reports, and some weeks to ask for them.
    private static final Duration KEPT = Duration.ofDays(400);

    private static final String OF_A_BACKUP = "backup";

    private final Jdbi jdbi;
    private final WorkQueue queue;
    private final Clock clock;

    public Drills(Jdbi jdbi, WorkQueue queue, Clock clock) {
        this.jdbi = jdbi;
        this.queue = queue;
        this.clock = clock;
    }

    /// Queues a drill. While one of the backup waits or runs, that one is the answer.
    ///
    /// @param tx has the backup locked
    public Drill queue(Handle tx, UUID backup, DatabaseKey database, String by) {
        Optional<Drill> open = open(tx, backup);
        if (open.isPresent()) {
            return open.get();
        }
        Drill drill = new Drill(Ids.next(clock), backup, database, by, now(), State.WAITING, 0, null);
        insert(tx, drill);
        queue.schedule(tx, KIND, drill.id().toString(), now());
        return drill;
    }

    /// Keeps the report of a drill that was part of a backup's own proof.
    public void keep(DatabaseKey database, DrillReport report) {
        jdbi.useTransaction(tx -> insert(
                tx,
                new Drill(
                        Ids.next(clock),
                        report.backup(),
                        database,
                        OF_A_BACKUP,
                        report.startedAt(),
                        state(report),
                        1,
                        report)));
    }

    public Optional<Drill> find(Handle handle, UUID id) {
        return handle.createQuery("select * from drill where id = :id")
                .bind("id", id)
                .map(Drills::read)
                .findOne();
    }

    /// Newest first. @param page after (time asked for, id)
    List<Drill> list(Handle handle, DatabaseKey database, PageRequest page) {
        return handle.createQuery("""
                        select * from drill
                        where application = :application and database = :name
                          and (:first or (requested_at, id) < (:before, :id))
                        order by requested_at desc, id desc limit :limit""")
                .bindMethods(database)
                .bind("first", page.first())
                .bind("before", page.first() ? Instant.EPOCH : page.after(0, Instant::parse))
                .bind("id", page.first() ? new UUID(0, 0) : page.after(1, UUID::fromString))
                .bind("limit", page.fetch())
                .map(Drills::read)
                .list();
    }

    /// Takes it up. @return as it is now; empty when it is over
    Optional<Drill> begin(Handle tx, UUID id) {
        return tx.createQuery("""
                        update drill set state = 'running', attempt = attempt + 1
                        where id = :id and state in ('waiting', 'running') returning *""").bind("id", id).map(Drills::read).findOne();
    }

    /// Whether no other worker took it up after this one did.
    boolean isOurs(Handle handle, Drill begun) {
        return handle.createQuery(
                        "select exists (select from drill where id = :id and state = 'running' and attempt = :attempt)")
                .bind("id", begun.id())
                .bind("attempt", begun.attempt())
                .mapTo(Boolean.class)
                .one();
    }

    void end(Handle tx, UUID id, DrillReport report) {
        tx.createUpdate("""
                        update drill set state = :state, report = cast(:report as jsonb), ended_at = :endedAt
                        where id = :id and state = 'running'""")
                .bind("state", state(report).label())
                .bind("report", json(report))
                .bind("endedAt", report.endedAt())
                .bind("id", id)
                .execute();
    }

    @Override
    public String table() {
        return "drill";
    }

    @Override
    public int prune(Handle owner, Instant now, int most) {
        return owner.createUpdate("""
                        delete from drill where id in (
                            select id from drill where ended_at < :before order by ended_at limit :most)""")
                .bind("before", now.minus(KEPT))
                .bind("most", most)
                .execute();
    }

    private static Optional<Drill> open(Handle tx, UUID backup) {
        return tx.createQuery("select * from drill where backup = :backup and state in ('waiting', 'running')")
                .bind("backup", backup)
                .map(Drills::read)
                .findOne();
    }

    private static void insert(Handle tx, Drill drill) {
        DrillReport report = drill.report();
        tx.createUpdate("""
                        insert into drill (id, backup, application, database, requested_by, requested_at, state,
                            attempt, ended_at, report)
                        values (:id, :backup, :application, :name, :by, :requestedAt, :state,
                            :attempt, cast(:endedAt as timestamptz), cast(:report as jsonb))""")
                .bindMethods(drill.database())
                .bind("id", drill.id())
                .bind("backup", drill.backup())
                .bind("by", drill.by())
                .bind("requestedAt", drill.requestedAt())
                .bind("state", drill.state().label())
                .bind("attempt", drill.attempt())
                .bind("endedAt", report == null ? null : report.endedAt())
                .bind("report", report == null ? null : json(report))
                .execute();
    }

    private static State state(DrillReport report) {
        return report.passed() ? State.PASSED : State.FAILED;
    }

    private static Drill read(ResultSet row, StatementContext context) throws SQLException {
        return new Drill(
                row.getObject("id", UUID.class),
                row.getObject("backup", UUID.class),
                new DatabaseKey(row.getString("application"), row.getString("database")),
                row.getString("requested_by"),
                row.getTimestamp("requested_at").toInstant(),
                State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getInt("attempt"),
                report(row.getString("report")));
    }

    private static String json(DrillReport report) {
        try {
            return EventCodec.json().writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be stored: " + report, e);
        }
    }

    private static @Nullable DrillReport report(@Nullable String json) {
        try {
            return json == null ? null : EventCodec.json().readValue(json, DrillReport.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored report cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
