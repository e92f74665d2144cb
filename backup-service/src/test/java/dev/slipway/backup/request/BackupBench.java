package dev.slipway.backup.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.slipway.backup.Shelf;
import dev.slipway.backup.SourceDatabase;
import dev.slipway.backup.capture.CancelBackup;
import dev.slipway.backup.capture.CaptureBackup;
import dev.slipway.backup.capture.CaptureWork;
import dev.slipway.backup.capture.RunWatch;
import dev.slipway.backup.capture.TellSize;
import dev.slipway.backup.capture.TidyUp;
import dev.slipway.backup.copies.CopyBackup;
import dev.slipway.backup.copies.MissingCopies;
import dev.slipway.backup.copies.WantCopies;
import dev.slipway.backup.drill.Drill;
import dev.slipway.backup.drill.DrillResult;
import dev.slipway.backup.drill.DrillWork;
import dev.slipway.backup.drill.Drills;
import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Engines;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.inventory.Inventory;
import dev.slipway.backup.inventory.SearchLocation;
import dev.slipway.backup.inventory.Searches;
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
import dev.slipway.backup.manifest.BackupManifest;
import dev.slipway.backup.manifest.BackupManifestReader;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.proof.ProveBackup;
import dev.slipway.backup.proof.Readback;
import dev.slipway.backup.proof.RestoreDrill;
import dev.slipway.backup.rebuild.Rebuild;
import dev.slipway.backup.rebuild.RebuildCatalogue;
import dev.slipway.backup.rebuild.Rebuilds;
import dev.slipway.backup.retention.Expiries;
import dev.slipway.backup.retention.Keeps;
import dev.slipway.backup.retention.RemoveLater;
import dev.slipway.backup.storage.LocationsFile;
import dev.slipway.backup.storage.Places;
import dev.slipway.backup.storage.Storages;
import dev.slipway.backup.watchdog.Troubles;
import dev.slipway.eventing.EventWriter;
import dev.slipway.eventing.Ids;
import dev.slipway.eventing.Outbox;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.eventing.WorkRunner;
import dev.slipway.events.BackupRequested;
import dev.slipway.events.Catalogue;
import dev.slipway.events.Event;
import dev.slipway.events.EventCodec;
import dev.slipway.events.EventData;
import dev.slipway.events.ReleaseRef;
import dev.slipway.manifest.Manifests;
import dev.slipway.manifest.References;
import dev.slipway.testkit.TestClock;
import dev.slipway.testkit.TestDatabase;
import dev.slipway.web.PageRequest;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

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
    public final Storages storages;
    public final Path passwords;
    public final Limits limits = new Limits(Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofMinutes(1));
    public final Jdbi jdbi;
    public final List<Location> locations;
    public final CancelBackup cancel;
    public final WantCopies wantCopies;
    public final Rebuilds rebuilds = new Rebuilds();
    public final Backups backups = new Backups();
    public final Runs runs = new Runs();
    public final MeterRegistry meters = new SimpleMeterRegistry();
    public final Ledger ledger;
    public final CaptureBackup capture;
    public final Drills drills;

    final Requests requests = new Requests();
    final Answers answers;

    private final Manifests<BackupManifest> manifests;
    private final BackupRequestedHandler handler;
    private final WorkRunner runner;
    private final WorkQueue queue;
    private String manifest = "sha256:none";

    public BackupBench(SourceDatabase source, Path folder) {
        this(source, source.access(), folder);
    }

    /// With other ways to reach the source.
    ///
    /// @param access what the manifest's references lead to
    public BackupBench(SourceDatabase source, Access access, Path folder) {
        this(
                source,
                access,
                folder,
                TestDatabase.fresh("db/eventing", "db/manifest", "db/migration").jdbi(),
                List.of(Shelf.disk(folder)));
    }

    /// Keeping its backups in other locations: `disk`, `second`.
    public BackupBench(SourceDatabase source, Path folder, List<Location> locations) {
        this(
                source,
                source.access(),
                folder,
                TestDatabase.fresh("db/eventing", "db/manifest", "db/migration").jdbi(),
                locations);
    }

    /// As another process of the service whose database it is.
    public BackupBench(SourceDatabase source, Access access, Path folder, Jdbi jdbi, List<Location> locations) {
        this(source, access, folder, jdbi, locations, List.of());
    }

    /// Sealing its backups under the first of these keys.
    public BackupBench(SourceDatabase source, Path folder, List<Location> locations, List<LocationsFile.Key> keys) {
        this(
                source,
                source.access(),
                folder,
                TestDatabase.fresh("db/eventing", "db/manifest", "db/migration").jdbi(),
                locations,
                keys);
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
        References references = References.of(Map.of(
                "SLIPWAY_REF_HOST", access.host(),
                "SLIPWAY_REF_PORT", Integer.toString(access.port()),
                "SLIPWAY_REF_PASSWORD", access.password()));
        Engines engines = Shelf.engines(passwords, clock);
        this.queue = new WorkQueue(clock);
        EventWriter events = new EventWriter(new Outbox(clock), clock, Catalogue.BACKUP);
        this.manifests = new Manifests<>(jdbi, clock, new BackupManifestReader(Shelf.NAMES), references, List.of());
        Databases databases = new Databases(manifests, references);
        Places places = new Places(this.locations, keys, references::resolve);
        this.storages = new Storages(databases, places, Shelf.PACE);
        Troubles troubles = new Troubles(databases, events, clock);
        this.answers = new Answers(requests, events, queue, databases, troubles, new Keeps(), clock);
        this.ledger = new Ledger(backups, queue, meters, clock);
        this.cancel = new CancelBackup(backups, runs, ledger, answers, queue);
        this.capture = new CaptureBackup(engines, clock);
        this.handler = new BackupRequestedHandler(requests, queue, clock);
        AnswerRequest answer = new AnswerRequest(jdbi, requests, backups, ledger, answers, databases, storages, clock);
        RestoreDrill restore = new RestoreDrill(engines, clock);
        this.drills = new Drills(jdbi, queue, clock);
        ProveBackup proofs = new ProveBackup(new Readback(engines, clock), restore, drills::keep);
        TidyUp tidyUp = new TidyUp(jdbi, backups, engines);
        RemoveLater removals = new RemoveLater(new Expiries(), queue, clock);
        MissingCopies missing = new MissingCopies();
        this.wantCopies = new WantCopies(missing, databases, troubles, queue, clock);
        CopyBackup copy =
                new CopyBackup(jdbi, backups, ledger, missing, wantCopies, storages, removals, answers, events, clock);
        SearchLocation search = new SearchLocation(
                jdbi, backups, new Inventory(jdbi, backups), new Searches(), wantCopies, places, queue, SEARCH, clock);
        RebuildCatalogue rebuild =
                new RebuildCatalogue(jdbi, rebuilds, backups, databases, places, proofs, limits, clock);
        CaptureWork work = new CaptureWork(
                jdbi,
                backups,
                ledger,
                answers,
                databases,
                storages,
                capture,
                proofs,
                tidyUp,
                new RunWatch(
                        jdbi, runs, events, new RunWatch.Pace(Duration.ofMillis(50), Duration.ofMillis(200)), clock),
                runs,
                removals,
                wantCopies,
                new TellSize(backups, databases, troubles),
                limits,
                clock);
        DrillWork drill = new DrillWork(
                jdbi,
                drills,
                backups,
                databases,
                storages,
                restore,
                tidyUp,
                new DrillResult(backups, ledger, answers, wantCopies, troubles),
                limits,
                clock);
        this.runner = new WorkRunner(
                jdbi,
                queue,
                clock,
                "bench",
                Duration.ofSeconds(15),
                List.of(answer, work, copy, rebuild, search, drill));
        putManifest();
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
        String yaml = """
                # %s
                application: shop
                environments:
                  - name: production
                databases:
                  - name: orders
                    type: %s
                    environment: production
                    host: ${env:SLIPWAY_REF_HOST}
                    port: ${env:SLIPWAY_REF_PORT}
                    database: '%s'
                    user: keeper
                    password: ${env:SLIPWAY_REF_PASSWORD}
                    locations: [%s]
                    %s
                """.formatted(
                        comment,
                        database.access().kind().name().toLowerCase(Locale.ROOT),
                        database.access().database().replace("'", "''"),
                        locations.stream().map(Location::name).collect(Collectors.joining(", ")),
                        more);
        manifest = manifests
                .put("shop", yaml.getBytes(StandardCharsets.UTF_8), "test", Optional.empty())
                .hash();
        return manifest;
    }

    /// What a gate asks for, to be changed by the test: a backup read back, at most two hours old, within a
    /// minute.
    public Ask ask() {
        return new Ask(
                UUID.randomUUID(), manifest, "orders", Duration.ofHours(2), null, 1, "readback", Duration.ofMinutes(1));
    }

    public record Ask(
            UUID id,
            String manifest,
            String database,
            Duration maxAge,
            @Nullable Instant notBefore,
            int locations,
            String proof,
            Duration patience) {
        public Ask of(String otherDatabase) {
            return new Ask(id, manifest, otherDatabase, maxAge, notBefore, locations, proof, patience);
        }

        public Ask by(String otherManifest) {
            return new Ask(id, otherManifest, database, maxAge, notBefore, locations, proof, patience);
        }

        public Ask notBefore(Instant moment) {
            return new Ask(id, manifest, database, maxAge, moment, locations, proof, patience);
        }

        public Ask locations(int number) {
            return new Ask(id, manifest, database, maxAge, notBefore, number, proof, patience);
        }

        public Ask proof(String kind) {
            return new Ask(id, manifest, database, maxAge, notBefore, locations, kind, patience);
        }

        public Ask patience(Duration time) {
            return new Ask(id, manifest, database, maxAge, notBefore, locations, proof, time);
        }
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
        jdbi.useTransaction(tx -> handler.handle(tx, event));
        return ask.id();
    }

    /// Lets the request arrive and works off all that is due.
    public UUID request(Ask ask) {
        arrive(ask);
        work();
        return ask.id();
    }

    public void work() {
        runner.runDue();
    }

    /// Queues a backup nobody's release asked for.
    public Backup queue(ProofKind proof) {
        Databases known = new Databases(manifests, References.of(Map.of()));
        String databaseSource = known.current(SHOP).orElseThrow().database().source();
        return jdbi.inTransaction(tx -> ledger.queue(
                tx, new Ledger.Order(SHOP, manifest, databaseSource, proof, Origin.person("mara")), clock.instant()));
    }

    /// Asks for a drill of a backup.
    public Drill drill(Backup backup) {
        return jdbi.inTransaction(tx -> drills.queue(tx, backup.id(), backup.database(), "mara"));
    }

    /// A drill as it stands now.
    public Drill drill(Drill drill) {
        return jdbi.withHandle(handle -> drills.find(handle, drill.id())).orElseThrow();
    }

    /// Has a backup cancelled, as somebody does at any replica.
    public Backup cancel(Backup backup) {
        return jdbi.inTransaction(
                tx -> cancel.cancel(tx, new CancelWish(backup.id(), "mara", "not now", clock.instant())));
    }

    /// Has every copy of a backup looked at.
    public void checkCopies(Backup backup) {
        jdbi.useTransaction(tx -> wantCopies.check(tx, backup(backup.id()), (BackupState.Completed)
                backup(backup.id()).state()));
    }

    /// Has a location searched, and works off what comes of it.
    public void search(Location location) {
        jdbi.useTransaction(tx -> queue.schedule(tx, SearchLocation.KIND, location.name(), clock.instant()));
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
            rebuilds.add(tx, wish);
            queue.schedule(tx, RebuildCatalogue.KIND, wish.id().toString(), clock.instant());
        });
        work();
        return jdbi.withHandle(handle -> rebuilds.find(handle, wish.id()))
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
        return jdbi.withHandle(handle -> handle.createQuery("select * from outbox order by seq")
                .map((row, _) -> new Told(
                        row.getString("key"),
                        row.getString("subject"),
                        row.getObject("chain_id", UUID.class),
                        data(row.getString("type"), row.getString("data"))))
                .list());
    }

    /// What it told of one kind.
    public <D extends EventData> List<D> told(Class<D> type) {
        return told().stream()
                .map(Told::data)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    public record Told(String key, String subject, UUID chainId, EventData data) {}

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

    private static EventData data(String type, String json) {
        try {
            return EventCodec.json()
                    .readValue(json, Catalogue.ofType(type).orElseThrow().data());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
