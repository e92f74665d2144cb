package dev.slipway.backup.schedule;

import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.schedule.Schedule.Outcome;
import dev.slipway.backup.schedule.Schedule.Pause;
import dev.slipway.backup.schedule.Schedule.Run;
import dev.slipway.web.PageRequest;
import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// The tables of schedules and of what became of their times. Local times go in as text: on the way through a JDBC
/// timestamp they would be read by this machine's zone, whose own skipped hour would change them.
@Singleton
public final class Schedules {
    private static final String SELECT = """
            select s.*, r.local as run_local, r.planned_at as run_planned_at, r.at as run_at, r.outcome as run_outcome,
                r.subject as run_subject, r.note as run_note
            from schedule s left join lateral (
                select * from schedule_run where schedule = s.id order by planned_at desc, local desc limit 1) r on true
            """;

    /// @return false when the database has a schedule of that name
    boolean add(Handle tx, Schedule schedule) {
        return bind(tx, schedule, """
                        insert into schedule (id, application, database, name, origin, task, at, days, cron, zone, grace,
                            proof, created_by, created_at, next_local, next_at)
                        values (:id, :application, :database, :name, :origin, :task, :at, cast(:days as text[]), :cron,
                            :zone, :grace, :proof, :by, :createdAt, cast(:nextLocal as timestamp), :nextAt)
                        on conflict (application, database, name) do nothing""") == 1;
    }

    /// Writes plan, origin and next time over what is there. The pause stays.
    void change(Handle tx, Schedule schedule) {
        bind(tx, schedule, """
                update schedule set origin = :origin, task = :task, at = :at, days = cast(:days as text[]), cron = :cron,
                    zone = :zone, grace = :grace, proof = :proof, next_local = cast(:nextLocal as timestamp), next_at = :nextAt,
                    version = version + 1
                where id = :id""");
    }

    void pause(Handle tx, UUID id, @Nullable Pause pause, Occurrence next) {
        tx.createUpdate("""
                        update schedule set paused_at = cast(:since as timestamptz), paused_by = :by, pause_reason = :reason,
                            next_local = cast(:local as timestamp), next_at = :at, version = version + 1
                        where id = :id""")
                .bind("since", pause == null ? null : pause.since())
                .bind("by", pause == null ? null : pause.by())
                .bind("reason", pause == null ? null : pause.reason())
                .bind("local", next.local().toString())
                .bind("at", next.at())
                .bind("id", id)
                .execute();
    }

    void next(Handle tx, UUID id, Occurrence next) {
        tx.execute(
                "update schedule set next_local = cast(? as timestamp), next_at = ? where id = ?",
                next.local().toString(),
                next.at(),
                id);
    }

    void remove(Handle tx, UUID id) {
        tx.execute("delete from schedule where id = ?", id);
    }

    /// Keeps what became of a time. @return false when that was decided before
    boolean record(Handle tx, UUID schedule, Run run) {
        return tx.createUpdate("""
                                insert into schedule_run (schedule, local, planned_at, at, outcome, subject, note)
                                values (:schedule, cast(:local as timestamp), :planned, :at, :outcome, cast(:subject as uuid), :note)
                                on conflict (schedule, local) do nothing""")
                        .bind("schedule", schedule)
                        .bind("local", run.due().local().toString())
                        .bind("planned", run.due().at())
                        .bind("at", run.at())
                        .bind("outcome", run.outcome().label())
                        .bind("subject", run.subject())
                        .bind("note", run.note())
                        .execute()
                == 1;
    }

    /// Whether it was decided what becomes of a time.
    boolean decided(Handle handle, UUID schedule, LocalDateTime local) {
        return handle.createQuery(
                        "select exists (select from schedule_run where schedule = :schedule and local = cast(:local as timestamp))")
                .bind("schedule", schedule)
                .bind("local", local.toString())
                .mapTo(Boolean.class)
                .one();
    }

    /// Forgets old runs.
    void forget(Handle tx, UUID schedule, Instant before) {
        tx.execute("delete from schedule_run where schedule = ? and planned_at < ?", schedule, before);
    }

    /// One schedule, held against changes until the transaction ends.
    Optional<Schedule> lock(Handle tx, UUID id) {
        return tx.createQuery(SELECT + " where s.id = :id for update of s")
                .bind("id", id)
                .map(Schedules::read)
                .findOne();
    }

    /// The schedules of one application, held against changes until the transaction ends.
    List<Schedule> lockAll(Handle tx, String application) {
        return tx.createQuery(
                        SELECT + " where s.application = :application order by s.database, s.name for update of s")
                .bind("application", application)
                .map(Schedules::read)
                .list();
    }

    Optional<Schedule> find(Handle handle, DatabaseKey database, String name) {
        return handle.createQuery(SELECT
                        + " where s.application = :application and s.database = :database and s.name = :schedule")
                .bind("application", database.application())
                .bind("database", database.name())
                .bind("schedule", name)
                .map(Schedules::read)
                .findOne();
    }

    /// Every schedule there is.
    public List<Schedule> all(Handle handle) {
        return handle.createQuery(SELECT + " order by s.application, s.database, s.name")
                .map(Schedules::read)
                .list();
    }

    /// By application, database and name. @param page after these three
    List<Schedule> list(Handle handle, @Nullable String application, @Nullable String database, PageRequest page) {
        return handle.createQuery(SELECT + """
                        where (cast(:application as text) is null or s.application = :application)
                          and (cast(:database as text) is null or s.database = :database)
                          and (:first or (s.application, s.database, s.name) > (:afterApplication, :afterDatabase, :afterName))
                        order by s.application, s.database, s.name limit :limit""")
                .bind("application", application)
                .bind("database", database)
                .bind("first", page.first())
                .bind("afterApplication", after(page, 0))
                .bind("afterDatabase", after(page, 1))
                .bind("afterName", after(page, 2))
                .bind("limit", page.fetch())
                .map(Schedules::read)
                .list();
    }

    /// What became of the times of one schedule, newest first. @param page after (moment it was due, local time)
    List<Run> runs(Handle handle, UUID schedule, PageRequest page) {
        return handle.createQuery("""
                        select local as run_local, planned_at as run_planned_at, at as run_at, outcome as run_outcome,
                            subject as run_subject, note as run_note
                        from schedule_run
                        where schedule = :schedule and (:first or (planned_at, local) < (:before, cast(:beforeLocal as timestamp)))
                        order by planned_at desc, local desc limit :limit""")
                .bind("schedule", schedule)
                .bind("first", page.first())
                .bind("before", page.first() ? Instant.EPOCH : page.after(0, Instant::parse))
                .bind(
                        "beforeLocal",
                        page.first()
                                ? "2000-01-01T00:00"
                                : page.after(1, LocalDateTime::parse).toString())
                .bind("limit", page.fetch())
                .map((row, _) -> run(row))
                .list();
    }

    private static String after(PageRequest page, int index) {
        return page.first() ? "" : page.after(index, text -> text);
    }

    private static int bind(Handle tx, Schedule schedule, String sql) {
        Plan plan = schedule.plan();
        Rhythm rhythm = plan.timetable().rhythm();
        List<String> days = Rhythm.storedDays(rhythm);
        return tx.createUpdate(sql)
                .bind("id", schedule.id())
                .bind("application", schedule.database().application())
                .bind("database", schedule.database().name())
                .bind("name", plan.name())
                .bind("origin", schedule.origin().label())
                .bind("task", plan.task().label())
                .bind("at", rhythm instanceof Rhythm.Daily daily ? daily.time() : null)
                .bind("days", days == null ? null : "{" + String.join(",", days) + "}")
                .bind("cron", rhythm instanceof Rhythm.Fields fields ? fields.expression() : null)
                .bind("zone", plan.timetable().zone().getId())
                .bind("grace", plan.grace().toString())
                .bind("proof", plan.proof().label())
                .bind("by", schedule.by())
                .bind("createdAt", schedule.createdAt())
                .bind("nextLocal", schedule.next().local().toString())
                .bind("nextAt", schedule.next().at())
                .execute();
    }

    private static Schedule read(ResultSet row, StatementContext context) throws SQLException {
        return new Schedule(
                row.getObject("id", UUID.class),
                new DatabaseKey(row.getString("application"), row.getString("database")),
                plan(row),
                Schedule.Origin.valueOf(row.getString("origin").toUpperCase(Locale.ROOT)),
                row.getString("created_by"),
                row.getTimestamp("created_at").toInstant(),
                pause(row),
                new Occurrence(
                        row.getObject("next_local", LocalDateTime.class),
                        row.getTimestamp("next_at").toInstant()),
                row.getString("run_outcome") == null ? null : run(row),
                row.getLong("version"));
    }

    private static Plan plan(ResultSet row) throws SQLException {
        return new Plan(
                row.getString("name"),
                Task.valueOf(row.getString("task").toUpperCase(Locale.ROOT)),
                new Timetable(rhythm(row), ZoneId.of(row.getString("zone"))),
                Duration.parse(row.getString("grace")),
                ProofKind.ofLabel(row.getString("proof")).orElseThrow());
    }

    private static Rhythm rhythm(ResultSet row) throws SQLException {
        String cron = row.getString("cron");
        if (cron != null) {
            return Rhythm.cron(cron);
        }
        Array days = row.getArray("days");
        return Rhythm.daily(
                Rhythm.time(row.getString("at")),
                Stream.of((String[]) days.getArray()).map(Rhythm::day).toList());
    }

    private static @Nullable Pause pause(ResultSet row) throws SQLException {
        Timestamp since = row.getTimestamp("paused_at");
        return since == null
                ? null
                : new Pause(since.toInstant(), row.getString("paused_by"), row.getString("pause_reason"));
    }

    private static Run run(ResultSet row) throws SQLException {
        return new Run(
                new Occurrence(
                        row.getObject("run_local", LocalDateTime.class),
                        row.getTimestamp("run_planned_at").toInstant()),
                row.getTimestamp("run_at").toInstant(),
                Outcome.ofLabel(row.getString("run_outcome")),
                row.getObject("run_subject", UUID.class),
                row.getString("run_note"));
    }
}
