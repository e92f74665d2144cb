package dev.slipway.backup.request;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.capture.CancelBackup;
import dev.slipway.backup.capture.CaptureBackup;
import dev.slipway.backup.capture.CaptureWork;
import dev.slipway.backup.capture.RunWatch;
import dev.slipway.backup.capture.TellSize;
import dev.slipway.backup.capture.TidyUp;
import dev.slipway.backup.copies.CopyBackup;
import dev.slipway.backup.copies.MissingCopies;
import dev.slipway.backup.copies.WantCopies;
import dev.slipway.backup.drill.DrillResult;
import dev.slipway.backup.drill.DrillWork;
import dev.slipway.backup.drill.Drills;
import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Engines;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.inventory.Inventory;
import dev.slipway.backup.inventory.SearchLocation;
import dev.slipway.backup.inventory.Searches;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.ledger.Ledger;
import dev.slipway.backup.ledger.Runs;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.manifest.BackupManifest;
import dev.slipway.backup.manifest.BackupManifestReader;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.proof.ProveBackup;
import dev.slipway.backup.proof.Readback;
import dev.slipway.backup.proof.RestoreDrill;
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
import dev.slipway.eventing.Outbox;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.eventing.WorkRunner;
import dev.slipway.events.Catalogue;
import dev.slipway.manifest.Manifests;
import dev.slipway.manifest.References;
import dev.slipway.testkit.TestClock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/// The parts of the service, put together by hand as its beans are.
final class WiredService {
    final Limits limits = new Limits(Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofMinutes(1));
    final Backups backups = new Backups();
    final Runs runs = new Runs();
    final Rebuilds rebuilds = new Rebuilds();
    final Requests requests = new Requests();
    final MeterRegistry meters = new SimpleMeterRegistry();
    final WorkQueue queue;
    final Manifests<BackupManifest> manifests;
    final Storages storages;
    final Answers answers;
    final Ledger ledger;
    final CancelBackup cancel;
    final CaptureBackup capture;
    final BackupRequestedHandler handler;
    final Drills drills;
    final WantCopies wantCopies;
    final WorkRunner runner;

    /// @param access what the manifest's references lead to
    /// @param passwords where those of running programs lie
    WiredService(
            Jdbi jdbi,
            TestClock clock,
            Access access,
            Path passwords,
            List<Location> locations,
            List<LocationsFile.Key> keys) {
        References references = References.of(Map.of(
                "SLIPWAY_REF_HOST", access.host(),
                "SLIPWAY_REF_PORT", Integer.toString(access.port()),
                "SLIPWAY_REF_PASSWORD", access.password()));
        Engines engines = Shelf.engines(passwords, clock);
        this.queue = new WorkQueue(clock);
        EventWriter events = new EventWriter(new Outbox(clock), clock, Catalogue.BACKUP);
        this.manifests = new Manifests<>(jdbi, clock, new BackupManifestReader(Shelf.NAMES), references, List.of());
        Databases databases = new Databases(manifests, references);
        Places places = new Places(locations, keys, references::resolve);
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
                jdbi,
                backups,
                new Inventory(jdbi, backups),
                new Searches(),
                wantCopies,
                places,
                queue,
                BackupBench.SEARCH,
                clock);
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
    }
}
