package dev.slipway.backup.schedule;

import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.ledger.Ledger;
import dev.slipway.backup.manifest.BackupManifest;
import dev.slipway.backup.manifest.BackupManifestReader;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.schedule.Schedule.Origin;
import dev.slipway.backup.schedule.Schedule.Run;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.eventing.WorkRunner;
import dev.slipway.manifest.Manifests;
import dev.slipway.manifest.References;
import dev.slipway.testkit.TestClock;
import dev.slipway.testkit.TestDatabase;
import dev.slipway.web.PageRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/// Schedules with a clock to turn; the backups they queue stay queued.
final class ScheduleBench {
    static final DatabaseKey ORDERS = new DatabaseKey("shop", "orders");

    final TestClock clock = TestClock.at("2026-03-01T10:00:00Z");
    final Jdbi jdbi =
            TestDatabase.fresh("db/eventing", "db/manifest", "db/migration").jdbi();
    final Schedules schedules = new Schedules();
    final WorkQueue queue = new WorkQueue(clock);
    final KeepSchedules keep = new KeepSchedules(schedules, queue, clock);

    private final References references = References.of(Map.of("SLIPWAY_REF_PASSWORD", "secret"));
    private final Backups backups = new Backups();
    private final Manifests<BackupManifest> manifests = new Manifests<>(
            jdbi, clock, new BackupManifestReader(), references, List.of(new ManifestSchedules(schedules, keep)));
    private final WorkRunner runner = runner("bench");

    ScheduleBench at(String moment) {
        clock.set(Instant.parse(moment));
        return this;
    }

    /// Puts a manifest with the database `orders` and these schedules of it, each a line of YAML.
    void manifest(String... lines) {
        StringBuilder yaml = new StringBuilder("application: shop\nenvironments:\n  - name: production\ndatabases:\n");
        for (String name : List.of("orders", "stock")) {
            yaml.append("""
                      - name: %s
                        type: postgresql
                        environment: production
                        host: localhost
                        database: %s
                        user: keeper
                        password: ${env:SLIPWAY_REF_PASSWORD}
                        locations: [disk]
                    """.formatted(name, name));
            if (name.equals("orders") && lines.length > 0) {
                yaml.append("    schedules:\n");
                List.of(lines).forEach(line -> yaml.append("      - {%s}\n".formatted(line)));
            }
        }
        put(yaml.toString());
    }

    void put(String yaml) {
        manifests.put("shop", yaml.getBytes(StandardCharsets.UTF_8), "test", Optional.empty());
    }

    Schedule add(Plan plan) {
        return jdbi.inTransaction(tx -> keep.add(tx, ORDERS, plan, Origin.REST, "mara"))
                .orElseThrow();
    }

    Schedule schedule(String name) {
        return jdbi.withHandle(handle -> schedules.find(handle, ORDERS, name)).orElseThrow();
    }

    List<Schedule> all() {
        return jdbi.withHandle(schedules::all);
    }

    /// What became of its times, oldest first.
    List<Run> runs(String name) {
        PageRequest all = new PageRequest(List.of(), 200);
        return jdbi.withHandle(handle -> schedules.runs(handle, schedule(name).id(), all))
                .reversed();
    }

    List<LocalDateTime> localTimes(String name) {
        return runs(name).stream().map(run -> run.due().local()).toList();
    }

    List<Backup> backups() {
        return jdbi.withHandle(handle -> backups.list(handle, null, null, new PageRequest(List.of(), 200)));
    }

    /// Lets every backup that waits fail, so that the next is not joined to it.
    void dropBackups() {
        jdbi.useHandle(handle -> handle.execute("update backup set phase = 'failed'"));
    }

    /// Works, and turns the clock on by this much, again and again until that moment.
    void workUntil(String moment, Duration step) {
        Instant end = Instant.parse(moment);
        while (clock.instant().isBefore(end)) {
            clock.advance(step);
            work();
        }
    }

    void work() {
        runner.runDue();
    }

    /// A replica of its own.
    WorkRunner runner(String owner) {
        Databases databases = new Databases(manifests, references);
        Ledger ledger = new Ledger(backups, queue, new SimpleMeterRegistry(), clock);
        return new WorkRunner(
                jdbi,
                queue,
                clock,
                owner,
                Duration.ofSeconds(15),
                List.of(new ScheduleWork(jdbi, schedules, databases, ledger, clock)));
    }
}
