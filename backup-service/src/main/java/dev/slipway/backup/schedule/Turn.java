package dev.slipway.backup.schedule;

import java.time.Duration;
import java.time.Instant;

/// What a schedule's turn comes to at some moment. Pure.
sealed interface Turn {
    /// So late is in time: the time between a row that is due and a worker that takes it.
    Duration IN_TIME = Duration.ofMinutes(1);

    /// @param next when it comes up again
    record NotYet(Occurrence next) implements Turn {}

    /// Something is to be started.
    ///
    /// @param due the latest time that had come: one run for all that passed
    /// @param late past what counts as in time, or for more than one time
    record Start(Occurrence due, boolean late, Occurrence next) implements Turn {}

    /// Too late for all that had come.
    record Miss(Occurrence due, Occurrence next) implements Turn {}

    /// It is paused.
    record Skip(Occurrence due, Occurrence next) implements Turn {}

    static Turn of(Schedule schedule, Instant now) {
        Occurrence first = schedule.next();
        if (first.at().isAfter(now)) {
            return new NotYet(first);
        }
        Timetable timetable = schedule.plan().timetable();
        Occurrence due = timetable.lastUpTo(now, first);
        Occurrence next = timetable.after(now);
        if (schedule.pause() != null) {
            return new Skip(due, next);
        }
        Duration late = Duration.between(due.at(), now);
        if (late.compareTo(IN_TIME) <= 0 && due.equals(first)) {
            return new Start(due, false, next);
        }
        return late.compareTo(schedule.plan().grace()) <= 0 ? new Start(due, true, next) : new Miss(due, next);
    }
}
