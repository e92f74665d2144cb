package dev.slipway.deploy.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.slipway.eventing.Ids;
import dev.slipway.events.EventCodec;
import dev.slipway.events.EventData;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// The plans in the database. What a step is to do is written once; how far it got follows.
@Singleton
public final class Steps {
    private static final TypeReference<List<String>> LINES = new TypeReference<>() {};

    private final Clock clock;

    public Steps(Clock clock) {
        this.clock = clock;
    }

    /// Stores a plan.
    public void add(Handle tx, UUID release, Direction direction, List<PlannedStep> plan) {
        int seq = 0;
        for (PlannedStep step : plan) {
            seq++;
            tx.createUpdate("""
                            insert into step (id, release, direction, seq, kind, name, percent, limit_ms, state)
                            values (:id, :release, :direction, :seq, :kind, :name, :percent, :limit, 'pending')""")
                    .bind("id", Ids.next(clock))
                    .bind("release", release)
                    .bind("direction", direction.tag())
                    .bind("seq", seq)
                    .bind("kind", step.kind().tag())
                    .bind("name", step.name())
                    .bind("percent", step.percent())
                    .bind("limit", step.limit().toMillis())
                    .execute();
        }
    }

    /// Both plans of a release, forward first, each in order.
    public List<Step> of(Handle tx, UUID release) {
        return tx.createQuery("select * from step where release = :release order by direction desc, seq")
                .bind("release", release)
                .map((rs, _) -> step(rs))
                .list();
    }

    public List<Step> of(Handle tx, UUID release, Direction direction) {
        return of(tx, release).stream()
                .filter(step -> step.direction() == direction)
                .toList();
    }

    public Optional<Step> byId(Handle tx, UUID id) {
        return tx.createQuery("select * from step where id = :id")
                .bind("id", id)
                .map((rs, _) -> step(rs))
                .findOne();
    }

    /// The step whose turn it is; empty when the plan is through.
    public Optional<Step> next(Handle tx, UUID release, Direction direction) {
        return of(tx, release, direction).stream()
                .filter(step -> step.state() != StepState.DONE)
                .findFirst();
    }

    /// Begins a step, or begins it again: a new attempt, on what is left of its time.
    public void begin(Handle tx, Step step, Instant now) {
        tx.createUpdate("""
                        update step set state = 'running', attempts = attempts + 1,
                            started_at = coalesce(started_at, :now), deadline = coalesce(deadline, :deadline)
                        where id = :id""")
                .bind("id", step.id())
                .bind("now", now)
                .bind("deadline", now.plus(step.limit()))
                .execute();
    }

    /// The step waits. @param asked its question has gone out by now
    public void await(Handle tx, UUID id, String note, List<String> lines, boolean asked, Instant now) {
        tx.createUpdate("""
                        update step set state = 'waiting', note = :note, lines = lines || cast(:lines as jsonb),
                            asked_at = case when :asked then coalesce(asked_at, :now) else asked_at end
                        where id = :id""")
                .bind("id", id)
                .bind("note", note)
                .bind("lines", json(lines))
                .bind("asked", asked)
                .bind("now", now)
                .execute();
    }

    /// Notes why a step goes on as it is, or when it was first seen past its deadline.
    public void note(Handle tx, UUID id, String note, @Nullable Instant overdueAt) {
        tx.createUpdate("""
                        update step set note = :note, overdue_at = coalesce(overdue_at, cast(:overdue as timestamptz))
                        where id = :id""")
                .bind("id", id)
                .bind("note", note)
                .bind("overdue", overdueAt)
                .execute();
    }

    /// The step will be begun again on what is left of its time.
    public void retry(Handle tx, UUID id, String note, List<String> lines) {
        tx.createUpdate("""
                        update step set state = 'pending', note = :note, lines = lines || cast(:lines as jsonb),
                            asked_at = null, answer = null
                        where id = :id""")
                .bind("id", id)
                .bind("note", note)
                .bind("lines", json(lines))
                .execute();
    }

    /// The step will be begun anew, with all of its time, because a person said so.
    public void reset(Handle tx, UUID id) {
        tx.createUpdate("""
                        update step set state = 'pending', deadline = null, overdue_at = null, finished_at = null,
                            evidence = null, asked_at = null, answer = null
                        where id = :id""").bind("id", id).execute();
    }

    public void finish(Handle tx, UUID id, StepState state, String evidence, List<String> lines, Instant now) {
        tx.createUpdate("""
                        update step set state = :state, evidence = :evidence, lines = lines || cast(:lines as jsonb),
                            finished_at = :now, note = null
                        where id = :id""")
                .bind("id", id)
                .bind("state", state.tag())
                .bind("evidence", evidence)
                .bind("lines", json(lines))
                .bind("now", now)
                .execute();
    }

    /// Keeps the answer a step waits for; the first one counts. @return whether it was taken
    public boolean answer(Handle tx, UUID id, EventData answer) {
        return tx.createUpdate("""
                                update step set answer = cast(:answer as jsonb)
                                where id = :id and answer is null and state in ('pending', 'running', 'waiting')""")
                        .bind("id", id)
                        .bind("answer", Answers.write(answer))
                        .execute()
                == 1;
    }

    /// Ends what has not ended of a plan.
    ///
    /// @param alsoRunning false: what somebody is at right now still reports how it ended
    public void stop(Handle tx, UUID release, Direction direction, boolean alsoRunning, Instant now) {
        tx.createUpdate("""
                        update step set finished_at = :now,
                            state = case when state = 'pending' and attempts = 0 then 'skipped' else 'stopped' end
                        where release = :release and direction = :direction
                          and (state in ('pending', 'waiting') or state = 'running' and :alsoRunning)""")
                .bind("release", release)
                .bind("direction", direction.tag())
                .bind("alsoRunning", alsoRunning)
                .bind("now", now)
                .execute();
    }

    /// Gives the steps of a release that stood still their time back.
    public void extend(Handle tx, UUID release, Duration by) {
        tx.createUpdate("""
                        update step set deadline = deadline + cast(:millis || ' milliseconds' as interval), overdue_at = null
                        where release = :release and deadline is not null and state in ('pending', 'running', 'waiting')""")
                .bind("release", release)
                .bind("millis", by.toMillis())
                .execute();
    }

    private static Step step(ResultSet rs) throws SQLException {
        String answer = rs.getString("answer");
        return new Step(
                rs.getObject("id", UUID.class),
                rs.getObject("release", UUID.class),
                Direction.ofTag(rs.getString("direction")),
                rs.getInt("seq"),
                StepKind.ofTag(rs.getString("kind")).orElseThrow(),
                rs.getString("name"),
                rs.getObject("percent", Integer.class),
                Duration.ofMillis(rs.getLong("limit_ms")),
                StepState.ofTag(rs.getString("state")),
                rs.getInt("attempts"),
                instant(rs, "started_at"),
                instant(rs, "asked_at"),
                instant(rs, "deadline"),
                instant(rs, "overdue_at"),
                instant(rs, "finished_at"),
                rs.getString("note"),
                rs.getString("evidence"),
                lines(rs.getString("lines")),
                answer == null ? null : Answers.read(answer));
    }

    private static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
        Timestamp time = rs.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }

    private static String json(List<String> lines) {
        try {
            return EventCodec.json().writeValueAsString(lines);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> lines(String json) {
        try {
            return EventCodec.json().readValue(json, LINES);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a step's lines are unreadable", e);
        }
    }
}
