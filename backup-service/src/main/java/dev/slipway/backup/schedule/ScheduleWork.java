package dev.slipway.backup.schedule;

import dev.slipway.backup.drill.Drills;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.ledger.Ledger;
import dev.slipway.backup.ledger.Origin;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.ledger.Spans;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.schedule.Schedule.Outcome;
import dev.slipway.backup.schedule.Schedule.Run;
import dev.slipway.backup.watchdog.NextAct;
import dev.slipway.backup.watchdog.Trouble.Kind;
import dev.slipway.backup.watchdog.Troubles;
import dev.slipway.backup.watchdog.Troubles.Found;
import dev.slipway.eventing.WorkHandler;
import dev.slipway.eventing.WorkItem;
import dev.slipway.eventing.WorkResult;
import dev.slipway.events.BackupMissed;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Does what a schedule is for when its time has come: decides what becomes of that time, starts it, and moves on to
/// the next, in one transaction.
@Singleton
public final class ScheduleWork implements WorkHandler {
    private static final Logger LOG = Logger.getLogger(ScheduleWork.class);

    /// How long it is remembered what became of a time.
    private static final Duration MEMORY = Duration.ofDays(400);

    private final Jdbi jdbi;
    private final Schedules schedules;
    private final Databases databases;
    private final Ledger ledger;
    private final Backups backups;
    private final Drills drills;
    private final Troubles troubles;
    private final Clock clock;

    public ScheduleWork(
            Jdbi jdbi,
            Schedules schedules,
            Databases databases,
            Ledger ledger,
            Backups backups,
            Drills drills,
            Troubles troubles,
            Clock clock) {
        this.jdbi = jdbi;
        this.schedules = schedules;
        this.databases = databases;
        this.ledger = ledger;
        this.backups = backups;
        this.drills = drills;
        this.troubles = troubles;
        this.clock = clock;
    }

    @Override
    public boolean ends() {
        return false;
    }

    @Override
    public String kind() {
        return KeepSchedules.KIND;
    }

    @Override
    public WorkResult run(WorkItem item) {
        UUID id = UUID.fromString(item.id());
        Optional<Schedule> seen = jdbi.inTransaction(tx -> schedules.lock(tx, id));
        if (seen.isEmpty()) {
            return WorkResult.done(_ -> {});
        }
        Turn turn = Turn.of(seen.get(), now());
        return WorkResult.again(
                nextOf(turn).at(),
                tx -> schedules
                        .lock(tx, id)
                        // Whoever changed it meanwhile made it due at its new time.
                        .filter(schedule -> schedule.version() == seen.get().version()
                                && schedule.next().equals(seen.get().next()))
                        .ifPresent(schedule -> take(tx, schedule, turn)));
    }

    private static Occurrence nextOf(Turn turn) {
        return switch (turn) {
            case Turn.NotYet it -> it.next();
            case Turn.Start it -> it.next();
            case Turn.Miss it -> it.next();
            case Turn.Skip it -> it.next();
        };
    }

    private void take(Handle tx, Schedule schedule, Turn turn) {
        switch (turn) {
            case Turn.NotYet _ -> {}
            case Turn.Start start -> start(tx, schedule, start);
            case Turn.Miss miss ->
                miss(
                        tx,
                        schedule,
                        miss.due(),
                        "nobody was there within %s of its time"
                                .formatted(Spans.words(schedule.plan().grace())));
            case Turn.Skip skip ->
                decided(
                        tx,
                        schedule,
                        skip.due(),
                        Outcome.PAUSED,
                        null,
                        schedule.pause() == null ? null : schedule.pause().reason());
        }
        Occurrence next = nextOf(turn);
        if (!next.equals(schedule.next())) {
            schedules.next(tx, schedule.id(), next);
            schedules.forget(tx, schedule.id(), now().minus(MEMORY));
        }
    }

    private void start(Handle tx, Schedule schedule, Turn.Start start) {
        if (schedules.decided(tx, schedule.id(), start.due().local())) {
            return;
        }
        Optional<Databases.Known> known = databases.current(tx, schedule.database());
        if (known.isEmpty()) {
            miss(tx, schedule, start.due(), "the manifest has no such database");
            return;
        }
        Optional<UUID> subject = started(tx, schedule, known.get());
        if (subject.isEmpty()) {
            miss(tx, schedule, start.due(), "there is no proved backup to drill");
            return;
        }
        boolean passedOver = !start.due().equals(schedule.next());
        decided(
                tx,
                schedule,
                start.due(),
                start.late() ? Outcome.CAUGHT_UP : Outcome.STARTED,
                subject.get(),
                passedOver ? "once for all since %s".formatted(schedule.next().local()) : null);
    }

    private void miss(Handle tx, Schedule schedule, Occurrence due, String why) {
        if (decided(tx, schedule, due, Outcome.MISSED, null, why)) {
            DatabaseKey key = schedule.database();
            String name = schedule.plan().name();
            String reason = "%s, due at %s: %s".formatted(name, due.local(), why);
            Found found = new Found(key, Kind.MISSED, name, reason, NextAct.takeOne(key));
            troubles.tell(
                    tx,
                    found,
                    environment -> new BackupMissed(
                            key.application(),
                            key.name(),
                            environment,
                            name,
                            due.local().toString(),
                            due.at(),
                            found.reason(),
                            found.nextAct()));
        }
    }

    private Optional<UUID> started(Handle tx, Schedule schedule, Databases.Known known) {
        return switch (schedule.plan().task()) {
            case BACKUP -> {
                Backup queued = ledger.queue(
                        tx,
                        new Ledger.Order(
                                schedule.database(),
                                known.manifest(),
                                known.database().source(),
                                schedule.plan().proof(),
                                Origin.schedule(schedule.plan().name())),
                        now());
                yield Optional.of(queued.id());
            }
            case DRILL ->
                backups.newestProved(
                                tx, schedule.database(), known.database().source(), ProofKind.READBACK, clock.instant())
                        .flatMap(backup -> backups.lock(tx, backup.id()))
                        .map(backup -> drills.queue(
                                        tx,
                                        backup.id(),
                                        schedule.database(),
                                        Origin.schedule(schedule.plan().name()).by())
                                .id());
        };
    }

    private boolean decided(
            Handle tx,
            Schedule schedule,
            Occurrence due,
            Outcome outcome,
            @Nullable UUID subject,
            @Nullable String note) {
        boolean first = schedules.record(tx, schedule.id(), new Run(due, now(), outcome, subject, note));
        if (first) {
            LOG.infof(
                    "schedule %s schedule=%s database=%s name=%s local=%s subject=%s",
                    outcome.label(),
                    schedule.id(),
                    schedule.database(),
                    schedule.plan().name(),
                    due.local(),
                    subject);
        }
        return first;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
