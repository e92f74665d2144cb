package dev.slipway.backup.schedule;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.slipway.backup.Shelf;
import dev.slipway.backup.drill.Drills;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Archives;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.ledger.Ledger;
import dev.slipway.backup.ledger.Proof;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.ledger.Stored;
import dev.slipway.backup.manifest.BackupManifest;
import dev.slipway.backup.manifest.BackupManifestReader;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.schedule.Schedule.Origin;
import dev.slipway.backup.schedule.Schedule.Run;
import dev.slipway.backup.watchdog.Troubles;
import dev.slipway.backup.watchdog.Watchdog;
import dev.slipway.eventing.EventWriter;
import dev.slipway.eventing.Outbox;
import dev.slipway.eventing.WorkItem;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.eventing.WorkResult;
import dev.slipway.eventing.WorkRunner;
import dev.slipway.events.Catalogue;
import dev.slipway.events.EventCodec;
import dev.slipway.events.EventData;
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
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;

/// Schedules and the watchdog, with a clock to turn; the backups that are queued stay queued.
public final class ScheduleBench {
    public static final DatabaseKey ORDERS = new DatabaseKey("shop", "orders");

    public final TestClock clock = TestClock.at("2026-03-01T10:00:00Z");
    public final Jdbi jdbi =
            TestDatabase.fresh("db/eventing", "db/manifest", "db/migration").jdbi();
    public final Schedules schedules = new Schedules();
    final WorkQueue queue = new WorkQueue(clock);
    public final KeepSchedules keep = new KeepSchedules(schedules, queue, clock);

    private final References references = References.of(Map.of("SLIPWAY_REF_PASSWORD", "secret"));
    private final Backups backups = new Backups();
    private final Ledger ledger = new Ledger(backups, queue, new SimpleMeterRegistry(), clock);
    private final Manifests<BackupManifest> manifests = new Manifests<>(
            jdbi,
            clock,
            new BackupManifestReader(Shelf.NAMES),
            references,
            List.of(new ManifestSchedules(schedules, keep)));
    private final Databases databases = new Databases(manifests, references);
    private final Troubles troubles =
            new Troubles(databases, new EventWriter(new Outbox(clock), clock, Catalogue.BACKUP), clock);
    private final WorkRunner runner = runner("bench");
    public final Watchdog watchdog = new Watchdog(jdbi, databases, backups, ledger, schedules, keep, troubles, clock);

    public ScheduleBench at(String moment) {
        clock.set(Instant.parse(moment));
        return this;
    }

    /// Puts a manifest with the database `orders` and these schedules of it, each a line of YAML.
    public void manifest(String... schedules) {
        String lines = Stream.of(schedules).map("      - {%s}\n"::formatted).collect(Collectors.joining());
        put("orders", lines.isEmpty() ? "" : "    schedules:\n" + lines);
    }

    /// Puts a manifest in which the database `orders` has one more key.
    public void manifestWith(String line) {
        put("orders", "    %s\n".formatted(line));
    }

    /// Puts a manifest in which `orders` is another database of its server.
    public void manifestOf(String database) {
        put(database, "");
    }

    private void put(String database, String more) {
        put("""
                application: shop
                environments:
                  - name: production
                databases:
                  - name: stock
                    type: postgresql
                    environment: production
                    host: localhost
                    database: stock
                    user: keeper
                    password: ${env:SLIPWAY_REF_PASSWORD}
                    locations: [disk]
                  - name: orders
                    type: postgresql
                    environment: production
                    host: localhost
                    database: %s
                    user: keeper
                    password: ${env:SLIPWAY_REF_PASSWORD}
                    locations: [disk]
                """.formatted(database) + more);
    }

    public void put(String yaml) {
        manifests.put("shop", yaml.getBytes(StandardCharsets.UTF_8), "test", Optional.empty());
    }

    public void pause(String name, String reason) {
        jdbi.useTransaction(tx -> keep.pause(tx, schedule(name), reason, "mara"));
    }

    public void resume(String name) {
        jdbi.useTransaction(tx -> keep.resume(tx, schedule(name), "mara"));
    }

    /// Says that a good backup came to its end.
    public void endByBackup() {
        jdbi.useTransaction(tx -> troubles.endByBackup(tx, ORDERS, UUID.randomUUID()));
    }

    public Schedule add(Plan plan) {
        return jdbi.inTransaction(tx -> keep.add(tx, ORDERS, plan, Origin.REST, "mara"))
                .orElseThrow();
    }

    public Schedule schedule(String name) {
        return jdbi.withHandle(handle -> schedules.find(handle, ORDERS, name)).orElseThrow();
    }

    List<Schedule> all() {
        return jdbi.withHandle(schedules::all);
    }

    /// What became of its times, oldest first.
    public List<Run> runs(String name) {
        PageRequest all = new PageRequest(List.of(), 200);
        return jdbi.withHandle(handle -> schedules.runs(handle, schedule(name).id(), all))
                .reversed();
    }

    List<LocalDateTime> localTimes(String name) {
        return runs(name).stream().map(run -> run.due().local()).toList();
    }

    public List<Backup> backups() {
        return jdbi.withHandle(handle -> backups.list(handle, null, null, new PageRequest(List.of(), 200)));
    }

    /// The backups for which a drill waits.
    List<UUID> drilled() {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select d.backup from drill d join work w on w.kind = 'drill' and w.id = d.id::text where d.state = 'waiting'")
                .mapTo(UUID.class)
                .list());
    }

    /// Lets every backup that waits fail, so that the next is not joined to it.
    public void dropBackups() {
        jdbi.useHandle(handle -> handle.execute("update backup set phase = 'failed'"));
    }

    /// Works, and turns the clock on by this much, again and again until that moment.
    public void workUntil(String moment, Duration step) {
        Instant end = Instant.parse(moment);
        while (clock.instant().isBefore(end)) {
            clock.advance(step);
            work();
        }
    }

    /// Puts a backup into the ledger as if it had been taken.
    public Backup completed(String snapshotAt, ProofKind... proofs) {
        Archive archive = Archives.at(Instant.parse(snapshotAt), 5);
        return over(new BackupState.Completed(
                archive,
                Stream.of(proofs)
                        .map(kind -> new Proof(kind, archive.writtenAt(), Duration.ofSeconds(1), "test"))
                        .toList(),
                archive.writtenAt()));
    }

    /// Puts a backup into the ledger that is over.
    public Backup over(BackupState state) {
        Databases.Known known = databases.current(ORDERS).orElseThrow();
        Ledger.Order order = new Ledger.Order(
                ORDERS,
                known.manifest(),
                known.database().source(),
                ProofKind.READBACK,
                dev.slipway.backup.ledger.Origin.person("mara"));
        return Stored.put(jdbi, order, state, clock.instant());
    }

    /// What was told, oldest first.
    public List<EventData> told() {
        return jdbi.withHandle(handle -> handle.createQuery("select type, data from outbox order by seq")
                .map((row, _) -> data(row.getString("type"), row.getString("data")))
                .list());
    }

    private static EventData data(String type, String json) {
        try {
            return EventCodec.json()
                    .readValue(json, Catalogue.ofType(type).orElseThrow().data());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    public void work() {
        runner.runDue();
    }

    /// A replica of its own.
    WorkRunner runner(String owner) {
        return new WorkRunner(jdbi, queue, clock, owner, Duration.ofSeconds(15), List.of(handler()));
    }

    /// Takes a schedule up, and does not come to its end.
    WorkResult take(String name) {
        return handler()
                .run(new WorkItem(KeepSchedules.KIND, schedule(name).id().toString(), 1, false));
    }

    private ScheduleWork handler() {
        return new ScheduleWork(
                jdbi, schedules, databases, ledger, backups, new Drills(jdbi, queue, clock), troubles, clock);
    }
}
