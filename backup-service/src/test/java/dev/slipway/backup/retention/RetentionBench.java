package dev.slipway.backup.retention;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.slipway.backup.Shelf;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Archives;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.Ledger;
import dev.slipway.backup.ledger.Origin;
import dev.slipway.backup.ledger.Proof;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.ledger.Stored;
import dev.slipway.backup.location.Item;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.manifest.BackupManifest;
import dev.slipway.backup.manifest.BackupManifestReader;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.storage.Places;
import dev.slipway.backup.storage.Storages;
import dev.slipway.backup.watchdog.Troubles;
import dev.slipway.eventing.EventWriter;
import dev.slipway.eventing.Outbox;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.eventing.WorkRunner;
import dev.slipway.events.Catalogue;
import dev.slipway.events.EventCodec;
import dev.slipway.events.EventData;
import dev.slipway.manifest.Manifests;
import dev.slipway.manifest.References;
import dev.slipway.testkit.TestClock;
import dev.slipway.testkit.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Jdbi;

/// Retention put together by hand, with backups that nobody took and a disk they lie on.
final class RetentionBench {
    static final DatabaseKey ORDERS = Shelf.SHOP;

    final TestClock clock = TestClock.at("2026-03-31T12:00:00Z");
    final Jdbi jdbi =
            TestDatabase.fresh("db/eventing", "db/manifest", "db/migration").jdbi();
    final Backups backups = new Backups();
    final Keeps keeps = new Keeps();
    final Expiries expiries = new Expiries();
    final WorkQueue queue = new WorkQueue(clock);
    final Ledger ledger = new Ledger(backups, queue, new SimpleMeterRegistry(), clock);
    final Path root;
    final OnReleaseFinished released;
    final ScheduleRetention schedule = new ScheduleRetention(queue, expiries, clock);

    private final Reports reports = new Reports();
    private final References references = References.of(Map.of("SLIPWAY_REF_PASSWORD", "secret"));
    private final Manifests<BackupManifest> manifests =
            new Manifests<>(jdbi, clock, new BackupManifestReader(Shelf.NAMES), references, List.of(schedule));
    private final Databases databases = new Databases(manifests, references);
    private final WorkRunner runner;

    RetentionBench(Path root) {
        this(root, Shelf.disk(root));
    }

    RetentionBench(Path root, Location disk) {
        this.root = root;
        EventWriter events = new EventWriter(new Outbox(clock), clock, Catalogue.BACKUP);
        Troubles troubles = new Troubles(databases, events, clock);
        ReportRetention report = new ReportRetention(reports, expiries, databases, troubles, events, clock);
        Storages storages =
                new Storages(databases, new Places(List.of(disk), List.of(), references::resolve), Shelf.PACE);
        this.released = new OnReleaseFinished(keeps, databases);
        this.runner = new WorkRunner(
                jdbi,
                queue,
                clock,
                "bench",
                Duration.ofSeconds(15),
                List.of(
                        new ApplyRetention(backups, ledger, keeps, expiries, report, databases, queue, clock),
                        new RemoveExpired(jdbi, backups, expiries, storages, clock)));
    }

    /// Puts a manifest in which `orders` has this policy.
    void policy(String policy) {
        manifests.put("shop", """
                application: shop
                environments:
                  - name: production
                databases:
                  - name: orders
                    type: postgresql
                    environment: production
                    host: localhost
                    database: orders
                    user: keeper
                    password: ${env:SLIPWAY_REF_PASSWORD}
                    locations: [disk]
                    retention: {%s}
                """.formatted(policy).getBytes(StandardCharsets.UTF_8), "test", Optional.empty());
    }

    /// A proved backup, with bytes on the disk.
    Backup completed(String snapshotAt) throws Exception {
        return lying(completedAndGone(snapshotAt));
    }

    /// A proved backup whose bytes somebody took away.
    Backup completedAndGone(String snapshotAt) {
        Archive archive = Archives.at(Instant.parse(snapshotAt), 5);
        Proof proof = new Proof(ProofKind.READBACK, archive.writtenAt(), Duration.ofSeconds(1), "test");
        return put(new BackupState.Completed(archive, List.of(proof), archive.writtenAt()));
    }

    /// One that did not stand its proof; its bytes were left for somebody to look at.
    Backup failed(String at) throws Exception {
        Archive archive = Archives.at(Instant.parse(at), 5);
        return lying(put(new BackupState.Failed(FailureReason.COUNTS_DIFFER, "orders", Instant.parse(at), archive)));
    }

    private Backup put(BackupState state) {
        Databases.Known known = databases.current(ORDERS).orElseThrow();
        Ledger.Order order = new Ledger.Order(
                ORDERS, known.manifest(), known.database().source(), ProofKind.READBACK, Origin.person("mara"));
        return Stored.put(jdbi, order, state, clock.instant());
    }

    private Backup lying(Backup backup) throws Exception {
        Files.createDirectories(folder(backup.id()));
        for (String file : List.of("archive.dump.zst", "manifest.json", "roles.sql")) {
            Files.writeString(folder(backup.id()).resolve(file), "some bytes");
        }
        return backup;
    }

    Path folder(UUID backup) {
        return root.resolve(Item.folder(ORDERS, backup));
    }

    void pin(Backup backup, String reason) {
        jdbi.useTransaction(tx -> keeps.pin(tx, backup.id(), new Pin(reason, "mara", clock.instant())));
    }

    void hold(Backup backup, UUID release) {
        jdbi.useTransaction(tx -> keeps.hold(tx, backup.id(), release, clock.instant()));
    }

    BackupState state(Backup backup) {
        return jdbi.withHandle(handle -> backups.find(handle, backup.id()))
                .orElseThrow()
                .state();
    }

    List<Reports.Report> reports() {
        return jdbi.withHandle(handle -> reports.list(handle, ORDERS, new dev.slipway.web.PageRequest(List.of(), 200)));
    }

    List<Expiries.Expiry> left() {
        return jdbi.withHandle(handle -> expiries.left(handle, ORDERS));
    }

    /// Works now, and again when what was let go may be removed.
    void work() {
        runner.runDue();
        clock.advance(ApplyRetention.DELAY);
        runner.runDue();
    }

    /// Waits until some other session of this database waits for a lock.
    ///
    /// @return whether one did within ten seconds
    boolean isWaitedFor() {
        for (int tries = 0; tries < 1_000; tries++) {
            boolean waits = jdbi.withHandle(
                    handle -> handle.createQuery("""
                            select exists (select from pg_stat_activity
                                where datname = current_database() and wait_event_type = 'Lock')""").mapTo(Boolean.class).one());
            if (waits) {
                return true;
            }
            LockSupport.parkNanos(10_000_000);
        }
        return false;
    }

    void workNow() {
        runner.runDue();
    }

    <D extends EventData> List<D> told(Class<D> type) {
        return jdbi
                .withHandle(handle -> handle.createQuery("select type, data from outbox order by seq")
                        .map((row, _) -> data(row.getString("type"), row.getString("data")))
                        .list())
                .stream()
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private static EventData data(String type, String json) {
        try {
            return EventCodec.json()
                    .readValue(json, Catalogue.ofType(type).orElseThrow().data());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The disk, which refuses to delete for as long as somebody says so.
    static final class StubbornDisk {
        private volatile boolean stubborn;
        private volatile boolean pretending;

        void refuse(boolean refuse) {
            stubborn = refuse;
        }

        /// Says that it deletes, and does not.
        void pretend(boolean pretend) {
            pretending = pretend;
        }

        Location over(Path root) {
            Location disk = Shelf.disk(root);
            return (Location) java.lang.reflect.Proxy.newProxyInstance(
                    Location.class.getClassLoader(), new Class<?>[] {Location.class}, (_, method, arguments) -> {
                        if (stubborn && method.getName().equals("delete")) {
                            throw new LocationFault(LocationFault.Reason.DENIED, "location disk: read-only", null);
                        }
                        if (pretending && method.getName().equals("delete")) {
                            return null;
                        }
                        try {
                            return method.invoke(disk, arguments);
                        } catch (java.lang.reflect.InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }
}
