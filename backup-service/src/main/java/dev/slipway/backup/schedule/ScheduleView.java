package dev.slipway.backup.schedule;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.backup.schedule.Schedule.Pause;
import dev.slipway.backup.schedule.Schedule.Run;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A schedule as its readers see it.
///
/// @param at with `days`, or else `cron`
/// @param grace ISO-8601 duration
/// @param managedBy `manifest` or `rest`: where it is changed
/// @param nextRun always there; while the schedule is paused it is when it would run
@JsonInclude(JsonInclude.Include.NON_NULL)
record ScheduleView(
        String application,
        String database,
        String name,
        Task task,
        @Nullable String at,
        @Nullable List<String> days,
        @Nullable String cron,
        String zone,
        String grace,
        String proof,
        String managedBy,
        String createdBy,
        Instant createdAt,
        @Nullable PauseView paused,
        DueView nextRun,
        @Nullable RunView lastRun) {

    record PauseView(Instant since, String by, String reason) {}

    /// @param local what the wall clock shows, or would if it did not skip it
    record DueView(String local, Instant at) {}

    /// @param outcome `started`, `caught-up`, `missed` or `paused`
    /// @param subject id of the backup that was started
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RunView(
            String local,
            Instant plannedAt,
            Instant at,
            String outcome,
            @Nullable UUID subject,
            @Nullable String note) {
        static RunView of(Run run) {
            return new RunView(
                    run.due().local().toString(),
                    run.due().at(),
                    run.at(),
                    run.outcome().label(),
                    run.subject(),
                    run.note());
        }
    }

    static ScheduleView of(Schedule schedule) {
        Plan plan = schedule.plan();
        Rhythm rhythm = plan.timetable().rhythm();
        Pause pause = schedule.pause();
        Run last = schedule.last();
        return new ScheduleView(
                schedule.database().application(),
                schedule.database().name(),
                plan.name(),
                plan.task(),
                rhythm instanceof Rhythm.Daily daily ? daily.time() : null,
                Rhythm.storedDays(rhythm),
                rhythm instanceof Rhythm.Fields fields ? fields.expression() : null,
                plan.timetable().zone().getId(),
                plan.grace().toString(),
                plan.proof().label(),
                schedule.origin().label(),
                schedule.by(),
                schedule.createdAt(),
                pause == null ? null : new PauseView(pause.since(), pause.by(), pause.reason()),
                new DueView(schedule.next().local().toString(), schedule.next().at()),
                last == null ? null : RunView.of(last));
    }
}
