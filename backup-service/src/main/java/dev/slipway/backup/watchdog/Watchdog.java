package dev.slipway.backup.watchdog;

import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.ledger.Ledger;
import dev.slipway.backup.ledger.Spans;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.schedule.KeepSchedules;
import dev.slipway.backup.schedule.Schedule;
import dev.slipway.backup.schedule.Schedules;
import dev.slipway.backup.watchdog.Freshness.Newest;
import dev.slipway.backup.watchdog.Trouble.Kind;
import dev.slipway.backup.watchdog.Troubles.Found;
import dev.slipway.events.BackupOverdue;
import dev.slipway.events.ScheduleInactive;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Looks at what is there, not at what should have happened: whether the newest proved backup of every database is new
/// enough, and whether its schedules move. It knows nothing of due work, so that due work standing still is found too.
@Singleton
public final class Watchdog {
    private static final Logger LOG = Logger.getLogger(Watchdog.class);

    /// So long after its time a schedule that nobody took up stands still.
    private static final Duration STUCK = Duration.ofMinutes(15);

    private final Jdbi jdbi;
    private final Databases databases;
    private final Backups backups;
    private final Ledger ledger;
    private final Schedules schedules;
    private final KeepSchedules keep;
    private final Troubles troubles;
    private final Guarded guarded = new Guarded();
    private final Clock clock;

    public Watchdog(
            Jdbi jdbi,
            Databases databases,
            Backups backups,
            Ledger ledger,
            Schedules schedules,
            KeepSchedules keep,
            Troubles troubles,
            Clock clock) {
        this.jdbi = jdbi;
        this.databases = databases;
        this.backups = backups;
        this.ledger = ledger;
        this.schedules = schedules;
        this.keep = keep;
        this.troubles = troubles;
        this.clock = clock;
    }

    /// Looks once at everything. What cannot be looked at is logged and does not keep it from the rest.
    public void look() {
        Map<DatabaseKey, Databases.Known> all = databases.all();
        all.forEach((key, known) -> each(key.toString(), tx -> freshness(tx, key, known)));
        each("schedules", keep::putRight);
        each("captures", ledger::putRight);
        List<Schedule> known = jdbi.withHandle(schedules::all);
        known.forEach(schedule -> each("schedule " + schedule.id(), tx -> activity(tx, schedule)));
        each("what is gone", tx -> forget(tx, all.keySet(), known));
    }

    private void each(String what, Consumer<Handle> look) {
        try {
            jdbi.useTransaction(look::accept);
        } catch (RuntimeException e) {
            LOG.errorf(e, "watchdog could not look at %s", what);
        }
    }

    private void freshness(Handle tx, DatabaseKey key, Databases.Known known) {
        WatchdogPolicy policy = known.database().watchdog();
        String source = known.database().source();
        Instant since = guarded.since(tx, key, source, now());
        Optional<Newest> newest =
                backups.newestProved(tx, key, source, policy.proof(), now()).map(Watchdog::newest);
        switch (Freshness.of(policy, newest, since, now())) {
            case Freshness.Fresh fresh -> troubles.end(tx, key, Kind.OVERDUE, "", fresh.why());
            case Freshness.Overdue overdue -> {
                Found found = new Found(key, Kind.OVERDUE, "", overdue.reason(), NextAct.takeOne(key));
                Newest last = overdue.newest();
                troubles.begin(
                        tx,
                        found,
                        environment -> new BackupOverdue(
                                key.application(),
                                key.name(),
                                environment,
                                policy.maxAge(),
                                last == null ? null : last.backup(),
                                last == null ? null : last.at(),
                                found.reason(),
                                found.nextAct()));
            }
        }
    }

    private static Newest newest(Backup backup) {
        return new Newest(
                backup.id(),
                Optional.ofNullable(backup.state().archive()).orElseThrow().snapshotAt());
    }

    private void activity(Handle tx, Schedule schedule) {
        DatabaseKey key = schedule.database();
        String name = schedule.plan().name();
        Optional<Stillness> still = stillness(tx, schedule);
        if (still.isEmpty()) {
            troubles.end(
                    tx,
                    key,
                    Kind.INACTIVE,
                    name,
                    "it is due next at " + schedule.next().at());
            return;
        }
        Found found = new Found(
                key, Kind.INACTIVE, name, still.get().reason(), still.get().nextAct());
        troubles.begin(
                tx,
                found,
                environment -> new ScheduleInactive(
                        key.application(),
                        key.name(),
                        environment,
                        name,
                        still.get().since(),
                        found.reason(),
                        found.nextAct()));
    }

    private record Stillness(Instant since, String reason, String nextAct) {}

    private Optional<Stillness> stillness(Handle tx, Schedule schedule) {
        Schedule.Pause pause = schedule.pause();
        Duration late = Duration.between(schedule.next().at(), now());
        if (late.compareTo(STUCK) > 0) {
            return Optional.of(new Stillness(
                    schedule.next().at(),
                    "nobody took up its time %s, %s ago"
                            .formatted(schedule.next().local(), Spans.words(late)),
                    "see that backup-service runs and takes up due work: its log, and the table work"));
        }
        if (pause == null) {
            return Optional.empty();
        }
        Duration longest = databases
                .current(tx, schedule.database())
                .map(known -> known.database().watchdog())
                .orElse(WatchdogPolicy.USUAL)
                .longestPause();
        Duration paused = Duration.between(pause.since(), now());
        return paused.compareTo(longest) <= 0
                ? Optional.empty()
                : Optional.of(new Stillness(
                        pause.since(),
                        "paused for %s by %s: %s".formatted(Spans.words(paused), pause.by(), pause.reason()),
                        "resume it, or remove it if nobody needs it"));
    }

    /// What is no longer there is no trouble. An application whose manifest cannot be read is not gone.
    private void forget(Handle tx, Set<DatabaseKey> known, List<Schedule> left) {
        Set<String> readable = databases.applications();
        for (DatabaseKey gone : guarded.all(tx)) {
            if (readable.contains(gone.application()) && !known.contains(gone)) {
                troubles.of(tx, gone)
                        .forEach(trouble -> troubles.end(
                                tx,
                                gone,
                                trouble.kind(),
                                trouble.subject(),
                                "the manifest no longer has the database"));
                guarded.remove(tx, gone);
            }
        }
        troubles.inactive(tx).stream()
                .filter(trouble -> left.stream()
                        .noneMatch(schedule -> schedule.database().equals(trouble.database())
                                && schedule.plan().name().equals(trouble.subject())))
                .forEach(trouble ->
                        troubles.end(tx, trouble.database(), Kind.INACTIVE, trouble.subject(), "it was removed"));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
