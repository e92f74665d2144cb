package dev.slipway.backup;

import dev.slipway.backup.capture.CaptureBackup;
import dev.slipway.backup.capture.RunWatch;
import dev.slipway.backup.capture.TidyUp;
import dev.slipway.backup.copies.WantCopies;
import dev.slipway.backup.drill.Drills;
import dev.slipway.backup.engine.Engines;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.inventory.Inventory;
import dev.slipway.backup.inventory.SearchLocation;
import dev.slipway.backup.inventory.Searches;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.ledger.Runs;
import dev.slipway.backup.link.LinkSigner;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.manifest.LocationNames;
import dev.slipway.backup.mariadb.DumpClients;
import dev.slipway.backup.mariadb.MariadbEngine;
import dev.slipway.backup.mariadb.MariadbPrograms;
import dev.slipway.backup.postgres.PgClients;
import dev.slipway.backup.postgres.PostgresEngine;
import dev.slipway.backup.postgres.PostgresPrograms;
import dev.slipway.backup.proof.ProveBackup;
import dev.slipway.backup.proof.Readback;
import dev.slipway.backup.proof.RestoreDrill;
import dev.slipway.backup.storage.LocationsFile;
import dev.slipway.backup.storage.Places;
import dev.slipway.backup.storage.Storages;
import dev.slipway.backup.stream.Pace;
import dev.slipway.backup.vault.MasterKey;
import dev.slipway.eventing.EventWriter;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.manifest.References;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jdbi.v3.core.Jdbi;

/// Puts the plain classes of this service together with its settings.
@Singleton
final class BackupBeans {
    /// How soon a cancelled run stops, and how old what is said of its progress may be.
    private static final Duration LOOK_AT_RUNS = Duration.ofMillis(900);

    private static final int SHORTEST_LINK_KEY = 32;

    private final BackupSettings settings;
    private final Optional<SecretKey> linkKey;

    BackupBeans(BackupSettings settings) {
        this.settings = settings;
        this.linkKey = settings.linkKey().map(BackupBeans::linkKey);
    }

    @Produces
    @Singleton
    Places places(References references, Clock clock) {
        LocationsFile file = settings.locations().map(LocationsFile::read).orElseGet(LocationsFile::empty);
        return new Places(file, settings.dir(), references::resolve, clock);
    }

    @Produces
    @Singleton
    LocationNames locationNames(Places places) {
        return new LocationNames(places.names());
    }

    @Produces
    @Singleton
    Storages storages(Databases databases, Places places) {
        return new Storages(databases, places, new Pace(settings.stall(), settings.patience(), settings.finish()));
    }

    @Produces
    @Singleton
    Limits limits() {
        return new Limits(settings.connectTimeout(), settings.lockWait(), settings.timeLimit());
    }

    @Produces
    @Singleton
    PgClients clients(@ConfigProperty(name = "PATH") Optional<String> path) {
        return PgClients.ofThisMachine(settings.clients().orElse(List.of()), path.orElse(""));
    }

    @Produces
    @Singleton
    DumpClients dumpClients(@ConfigProperty(name = "PATH") Optional<String> path) {
        return DumpClients.ofThisMachine(settings.clients().orElse(List.of()), path.orElse(""));
    }

    @Produces
    @Singleton
    Engines engines(PgClients clients, DumpClients dumpClients, Clock clock) {
        Path passwords = settings.dir().toAbsolutePath().resolve(".passwords");
        return new Engines(
                new PostgresEngine(clients, new PostgresPrograms(passwords), clock),
                new MariadbEngine(dumpClients, new MariadbPrograms(passwords), clock));
    }

    @Produces
    @Singleton
    CaptureBackup capture(Engines engines, Clock clock) {
        return new CaptureBackup(engines, clock);
    }

    @Produces
    @Singleton
    RestoreDrill drill(Engines engines, Clock clock) {
        return new RestoreDrill(engines, clock);
    }

    @Produces
    @Singleton
    ProveBackup proofs(Engines engines, RestoreDrill drill, Drills drills, Clock clock) {
        return new ProveBackup(new Readback(engines, clock), drill, drills::keep);
    }

    @Produces
    @Singleton
    RunWatch watch(Jdbi jdbi, Runs runs, EventWriter events, Clock clock) {
        return new RunWatch(jdbi, runs, events, new RunWatch.Pace(LOOK_AT_RUNS, settings.progressEvery()), clock);
    }

    @Produces
    @Singleton
    SearchLocation search(
            Jdbi jdbi,
            Backups backups,
            Inventory inventory,
            Searches searches,
            WantCopies copies,
            Places places,
            WorkQueue queue,
            Clock clock) {
        return new SearchLocation(
                jdbi, backups, inventory, searches, copies, places, queue, settings.searchEvery(), clock);
    }

    @Produces
    @Singleton
    TidyUp tidyUp(Jdbi jdbi, Backups backups, Engines engines) {
        return new TidyUp(jdbi, backups, engines);
    }

    @Produces
    @Singleton
    LinkSigner linkSigner(Places places) {
        return new LinkSigner(() -> {
            MasterKey master = linkKey.isPresent() ? null : places.master();
            return master == null ? linkKey.orElse(null) : master.key();
        });
    }

    private static SecretKey linkKey(String text) {
        if (text.length() < SHORTEST_LINK_KEY) {
            throw new IllegalArgumentException(
                    "SLIPWAY_BACKUPS_LINK_KEY has fewer than %d characters".formatted(SHORTEST_LINK_KEY));
        }
        return new SecretKeySpec(text.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    }
}
