package dev.slipway.backup.schedule;

import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.schedule.Schedule.Origin;
import dev.slipway.backup.schedule.Schedule.Pause;
import dev.slipway.eventing.Ids;
import dev.slipway.eventing.WorkQueue;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Makes, changes, pauses and removes schedules: the row and the due work that stands for its next time, in one
/// transaction.
@Singleton
public final class KeepSchedules {
    /// The kind of due work of a schedule: its id is the schedule's.
    public static final String KIND = "schedule";

    private static final Logger LOG = Logger.getLogger(KeepSchedules.class);

    private final Schedules schedules;
    private final WorkQueue queue;
    private final Clock clock;

    public KeepSchedules(Schedules schedules, WorkQueue queue, Clock clock) {
        this.schedules = schedules;
        this.queue = queue;
        this.clock = clock;
    }

    /// @return empty when the database has a schedule of that name
    Optional<Schedule> add(Handle tx, DatabaseKey database, Plan plan, Origin origin, String by) {
        Schedule added = new Schedule(
                Ids.next(clock),
                database,
                plan,
                origin,
                by,
                now(),
                null,
                plan.timetable().after(now()),
                null,
                0);
        if (!schedules.add(tx, added)) {
            return Optional.empty();
        }
        due(tx, added);
        log("added", added, by);
        return Optional.of(added);
    }

    /// Gives a schedule another plan, or another keeper. Its name, its pause and what it did stay.
    Schedule change(Handle tx, Schedule seen, Plan plan, Origin origin, String by) {
        Schedule changed = new Schedule(
                seen.id(),
                seen.database(),
                plan,
                origin,
                seen.by(),
                seen.createdAt(),
                seen.pause(),
                plan.timetable().after(now()),
                seen.last(),
                seen.version() + 1);
        schedules.change(tx, changed);
        due(tx, changed);
        log("changed", changed, by);
        return changed;
    }

    /// Starts nothing until it is resumed.
    void pause(Handle tx, Schedule schedule, String reason, String by) {
        pause(tx, schedule, new Pause(now(), by, reason));
        log("paused", schedule, by);
    }

    /// Goes on with the next time; what passed meanwhile is not caught up.
    void resume(Handle tx, Schedule schedule, String by) {
        pause(tx, schedule, null);
        log("resumed", schedule, by);
    }

    void remove(Handle tx, Schedule schedule, String by) {
        schedules.remove(tx, schedule.id());
        queue.cancel(tx, KIND, schedule.id().toString());
        log("removed", schedule, by);
    }

    /// Puts right what a clock that had run ahead left: a next time later than it should be. What was decided stays
    /// decided, so nothing runs twice.
    ///
    /// @return how many were put right
    public int putRight(Handle tx) {
        List<Schedule> wrong = schedules.all(tx).stream()
                .filter(schedule ->
                        nextFree(tx, schedule).at().isBefore(schedule.next().at()))
                .toList();
        for (Schedule seen : wrong) {
            schedules
                    .lock(tx, seen.id())
                    .filter(schedule -> schedule.next().equals(seen.next()))
                    .ifPresent(schedule -> {
                        Occurrence next = nextFree(tx, schedule);
                        schedules.next(tx, schedule.id(), next);
                        queue.schedule(tx, KIND, schedule.id().toString(), next.at());
                        LOG.warnf(
                                "schedule put right schedule=%s next=%s was=%s",
                                schedule.id(), next.at(), schedule.next().at());
                    });
        }
        return wrong.size();
    }

    private Occurrence nextFree(Handle tx, Schedule schedule) {
        UUID id = schedule.id();
        Occurrence next = schedule.plan().timetable().after(now());
        while (next.at().isBefore(schedule.next().at()) && schedules.decided(tx, id, next.local())) {
            next = schedule.plan().timetable().after(next.at());
        }
        return next;
    }

    private void pause(Handle tx, Schedule schedule, @Nullable Pause pause) {
        Occurrence next = schedule.plan().timetable().after(now());
        schedules.pause(tx, schedule.id(), pause, next);
        queue.schedule(tx, KIND, schedule.id().toString(), next.at());
    }

    private void due(Handle tx, Schedule schedule) {
        queue.schedule(tx, KIND, schedule.id().toString(), schedule.next().at());
    }

    private static void log(String what, Schedule schedule, String by) {
        LOG.infof(
                "schedule %s schedule=%s database=%s name=%s by=%s",
                what, schedule.id(), schedule.database(), schedule.plan().name(), by);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
