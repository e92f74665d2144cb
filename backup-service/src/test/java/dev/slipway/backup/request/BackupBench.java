package dev.slipway.backup.request;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.SourceDatabase;
import dev.slipway.backup.capture.CaptureBackup;
import dev.slipway.backup.drill.Drill;
import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.inventory.SearchLocation;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.ledger.CancelWish;
import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.ledger.Ledger;
import dev.slipway.backup.ledger.Origin;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.ledger.Runs;
import dev.slipway.backup.location.Item;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.rebuild.Rebuild;
import dev.slipway.backup.rebuild.RebuildCatalogue;
import dev.slipway.backup.storage.LocationsFile;
import dev.slipway.backup.storage.Storages;
import dev.slipway.eventing.Ids;
import dev.slipway.events.BackupRequested;
import dev.slipway.events.Event;
import dev.slipway.events.EventData;
import dev.slipway.events.ReleaseRef;
import dev.slipway.manifest.References;
import dev.slipway.testkit.TestClock;
import dev.slipway.testkit.TestDatabase;
import dev.slipway.web.PageRequest;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/// The service put together by hand, with a database to back up, a clock to turn and work to crank.
public final class BackupBench {
    public static final DatabaseKey SHOP = new DatabaseKey("shop", "orders");
    public static final UUID RELEASE = UUID.fromString("018e0000-0000-7000-8000-00000000000a");
    /// How often locations are searched.
    public static final Duration SEARCH = Duration.ofHours(6);

    public static final UUID CHAIN = UUID.fromString("018e0000-0000-7000-8000-00000000000c");

    public final TestClock clock = TestClock.at("2026-03-01T10:00:00Z");
    public final SourceDatabase source;
    public final Path root;
    public final Path passwords;
    public final Jdbi jdbi;
    public final List<Location> locations;
    public final Limits limits;
    public final Storages storages;
    public final Backups backups;
    public final Runs runs;
    public final Ledger ledger;
    public final CaptureBackup capture;
    public final MeterRegistry meters;

    final Requests requests;
    final Answers answers;

    private final WiredService service;
    private String manifest = "sha256:none";

    public BackupBench(SourceDatabase source, Path folder) {
        this(source, source.access(), folder);
    }

    /// With other ways to reach the source.
    ///
    /// @param access what the manifest's references lead to
    public BackupBench(SourceDatabase source, Access access, Path folder) {
        this(source, access, folder, fresh(), List.of(Shelf.disk(folder)));
    }

    /// Keeping its backups in other locations: `disk`, `second`.
    public BackupBench(SourceDatabase source, Path folder, List<Location> locations) {
        this(source, source.access(), folder, fresh(), locations);
    }

    /// As another process of the service whose database it is.
    public BackupBench(SourceDatabase source, Access access, Path folder, Jdbi jdbi, List<Location> locations) {
        this(source, access, folder, jdbi, locations, List.of());
    }

    /// Sealing its backups under the first of these keys.
    public BackupBench(SourceDatabase source, Path folder, List<Location> locations, List<LocationsFile.Key> keys) {
        this(source, source.access(), folder, fresh(), locations, keys);
    }

    private BackupBench(
            SourceDatabase source,
            Access access,
            Path folder,
            Jdbi jdbi,
            List<Location> locations,
            List<LocationsFile.Key> keys) {
        this.jdbi = jdbi;
        this.locations = List.copyOf(locations);
        this.source = source;
        this.root = folder;
        this.passwords = folder.resolve(".passwords");
        this.service = new WiredService(jdbi, clock, access, passwords, this.locations, keys);
        this.limits = service.limits;
        this.storages = service.storages;
        this.backups = service.backups;
        this.runs = service.runs;
        this.ledger = service.ledger;
        this.capture = service.capture;
        this.meters = service.meters;
        this.requests = service.requests;
        this.answers = service.answers;
        putManifest();
    }

    private static Jdbi fresh() {
        return TestDatabase.fresh("db/eventing", "db/manifest", "db/migration").jdbi();
    }

    /// Gives the service a manifest with the database `orders`. @return its hash
    public String putManifest() {
        return putManifest("");
    }

    /// Gives the service another version of that manifest.
    ///
    /// @param comment makes it another version of the same content
    public String putManifest(String comment) {
        return putManifest(comment, source, "");
    }

    /// Gives the service a manifest that says one thing more of the database. @param more as `key: value`
    public String putManifest(String comment, String more) {
        return putManifest(comment, source, more);
    }

    /// Gives the service a manifest in which `orders` is another database.
    public String putManifestFor(SourceDatabase other) {
        return putManifest("moved", other, "");
    }

    private String putManifest(String comment, SourceDatabase database, String more) {
        byte[] yaml = ShopManifest.of(database.access(), locations, comment, more);
        manifest = service.manifests.put("shop", yaml, "test", Optional.empty()).hash();
        return manifest;
    }

    /// What a gate asks for, to be changed by the test: a backup read back, at most two hours old, within a
    /// minute.
    public Ask ask() {
        return new Ask(
                UUID.randomUUID(), manifest, "orders", Duration.ofHours(2), null, 1, "readback", Duration.ofMinutes(1));
    }

    /// Lets the request arrive; nothing is worked yet. @return its id
    public UUID arrive(Ask ask) {
        ReleaseRef release = new ReleaseRef(
                RELEASE, "shop", "shop/production", 1, "normal", "abc", "abc", "pkg:generic/shop@abc", ask.manifest());
        BackupRequested asked = new BackupRequested(
                ask.id(),
                release,
                ask.database(),
                ask.maxAge(),
                ask.notBefore(),
                ask.locations(),
                ask.proof(),
                clock.instant().plus(ask.patience()));
        Event<BackupRequested> event = new Event<>(
                UUID.randomUUID(), "/slipway/deploy-service", ask.id().toString(), clock.instant(), CHAIN, asked);
        jdbi.useTransaction(tx -> service.handler.handle(tx, event));
        return ask.id();
    }

    /// Lets the request arrive and works off all that is due.
    public UUID request(Ask ask) {
        arrive(ask);
        work();
        return ask.id();
    }

    public void work() {
        service.runner.runDue();
    }

    /// Queues a backup nobody's release asked for.
    public Backup queue(ProofKind proof) {
        Databases known = new Databases(service.manifests, References.of(Map.of()));
        String databaseSource = known.current(SHOP).orElseThrow().database().source();
        return jdbi.inTransaction(tx -> ledger.queue(
                tx, new Ledger.Order(SHOP, manifest, databaseSource, proof, Origin.person("mara")), clock.instant()));
    }

    /// Asks for a drill of a backup.
    public Drill drill(Backup backup) {
        return jdbi.inTransaction(tx -> service.drills.queue(tx, backup.id(), backup.database(), "mara"));
    }

    /// A drill as it stands now.
    public Drill drill(Drill drill) {
        return jdbi.withHandle(handle -> service.drills.find(handle, drill.id()))
                .orElseThrow();
    }

    /// Has a backup cancelled, as somebody does at any replica.
    public Backup cancel(Backup backup) {
        return jdbi.inTransaction(
                tx -> service.cancel.cancel(tx, new CancelWish(backup.id(), "mara", "not now", clock.instant())));
    }

    /// Has every copy of a backup looked at.
    public void checkCopies(Backup backup) {
        jdbi.useTransaction(tx -> service.wantCopies.check(tx, backup(backup.id()), (BackupState.Completed)
                backup(backup.id()).state()));
    }

    /// Has a location searched, and works off what comes of it.
    public void search(Location location) {
        jdbi.useTransaction(tx -> service.queue.schedule(tx, SearchLocation.KIND, location.name(), clock.instant()));
        work();
    }

    /// Reads the locations into the catalogue.
    public Rebuild.Report rebuild(boolean dryRun) {
        return rebuild(dryRun, false);
    }

    /// @param unsealed takes in what is not sealed too
    public Rebuild.Report rebuild(boolean dryRun, boolean unsealed) {
        Rebuild wish = new Rebuild(Ids.next(clock), dryRun, unsealed, "root", clock.instant(), null, null);
        jdbi.useTransaction(tx -> {
            service.rebuilds.add(tx, wish);
            service.queue.schedule(tx, RebuildCatalogue.KIND, wish.id().toString(), clock.instant());
        });
        work();
        return jdbi.withHandle(handle -> service.rebuilds.find(handle, wish.id()))
                .orElseThrow()
                .report();
    }

    /// Takes a backup up as a worker that is killed right after does.
    public Backup begin(Backup backup) {
        return jdbi.inTransaction(tx -> ledger.begin(tx, backup)).orElseThrow();
    }

    /// Keeps captures from being worked, as long dumps would be.
    public void holdCaptures() {
        jdbi.useHandle(handle -> handle.execute("update work set due_at = '2099-01-01' where kind = 'capture'"));
    }

    public void releaseCaptures() {
        jdbi.useHandle(handle -> handle.execute("update work set due_at = '2000-01-01' where kind = 'capture'"));
    }

    /// All backups, newest first.
    public List<Backup> all() {
        return jdbi.withHandle(handle -> backups.list(handle, null, null, PageRequest.of(null, null, 2)));
    }

    public Backup backup(UUID id) {
        return jdbi.withHandle(handle -> backups.find(handle, id)).orElseThrow();
    }

    /// Where the files of a backup lie.
    public Path folder(Backup backup) {
        return root.resolve(Item.folder(backup.database(), backup.id()));
    }

    /// Where the archive of a backup lies, or will at the first attempt.
    public Path archive(Backup backup) {
        return folder(backup).resolve("archive.dump.zst");
    }

    /// Captures a backup and tells nobody, as a worker that is killed right after does.
    public Archive capture(Backup backup) throws Exception {
        return capture.capture(new CaptureBackup.Order(
                backup.id(), 1, backup.database(), backup.source(), source.access(), storages.taking(backup), limits));
    }

    /// What the service told the others, oldest first.
    public List<Told> told() {
        return Told.all(jdbi);
    }

    /// What it told of one kind.
    public <D extends EventData> List<D> told(Class<D> type) {
        return told().stream()
                .map(Told::data)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /// Everything the service's database holds, as text.
    public String everythingStored() {
        return jdbi.withHandle(handle -> {
            StringBuilder text = new StringBuilder();
            for (String table : List.of("backup", "backup_request", "outbox", "work", "manifest")) {
                handle.createQuery("select t::text from " + table + " t")
                        .mapTo(String.class)
                        .forEach(text::append);
            }
            return text.toString();
        });
    }
}
