package dev.slipway.backup.rebuild;

import dev.slipway.backup.catalogue.BackupFiles;
import dev.slipway.backup.catalogue.ManifestFile;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.Origin;
import dev.slipway.backup.ledger.Proof;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.location.Item;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.proof.Copies;
import dev.slipway.backup.proof.ProveBackup;
import dev.slipway.backup.rebuild.Rebuild.Refused;
import dev.slipway.backup.rebuild.Rebuild.Report;
import dev.slipway.backup.rebuild.Rebuild.Taken;
import dev.slipway.backup.storage.Places;
import dev.slipway.backup.vault.Keyring;
import dev.slipway.eventing.Ids;
import dev.slipway.eventing.WorkHandler;
import dev.slipway.eventing.WorkItem;
import dev.slipway.eventing.WorkResult;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/// Reads the manifests in all locations into the catalogue. A backup is taken in with the copies that agree with its
/// manifest and are read to their end here and now: what it says of itself is believed in nothing that can be checked.
/// What the catalogue knows already stays as it is there. Taken up again after a kill it goes on where it was.
@Singleton
public final class RebuildCatalogue implements WorkHandler {
    /// The kind of due work of a rebuild: its id is the rebuild's.
    public static final String KIND = "rebuild";

    private static final Logger LOG = Logger.getLogger(RebuildCatalogue.class);

    /// No manifest of an application it was taken by is known here.
    private static final String NO_MANIFEST = "unknown";

    private static final String UNSEALED =
            "it is not sealed, and this service seals its backups: anybody who can write there may have made it; one from before there were keys is taken in with \"unsealed\": true";

    private final Jdbi jdbi;
    private final Rebuilds rebuilds;
    private final Backups backups;
    private final Databases databases;
    private final Places places;
    private final ProveBackup proofs;
    private final Limits limits;
    private final Clock clock;

    public RebuildCatalogue(
            Jdbi jdbi,
            Rebuilds rebuilds,
            Backups backups,
            Databases databases,
            Places places,
            ProveBackup proofs,
            Limits limits,
            Clock clock) {
        this.jdbi = jdbi;
        this.rebuilds = rebuilds;
        this.backups = backups;
        this.databases = databases;
        this.places = places;
        this.proofs = proofs;
        this.limits = limits;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public WorkResult run(WorkItem item) {
        UUID id = UUID.fromString(item.id());
        Optional<Rebuild> rebuild = jdbi.withHandle(handle -> rebuilds.find(handle, id));
        if (rebuild.isEmpty() || rebuild.get().finishedAt() != null) {
            return WorkResult.done(_ -> {});
        }
        try {
            Report report = new Reading(rebuild.get()).read();
            LOG.infof(
                    "catalogue read rebuild=%s dryRun=%s taken=%d known=%d refused=%d",
                    id,
                    rebuild.get().dryRun(),
                    report.taken().size(),
                    report.known(),
                    report.refused().size());
            return WorkResult.done(tx -> rebuilds.finish(tx, id, report, now()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading the locations", e);
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /// One copy that agrees with its manifest. @param unproved something beside it says that it did not stand its proof
    private record Copy(Location location, Item at, ManifestFile manifest, boolean unproved) {}

    private final class Reading {
        private final Rebuild rebuild;
        private final Keyring keys = places.keyring();
        private final Map<UUID, List<Copy>> copies = new LinkedHashMap<>();
        private final List<Refused> refused = new ArrayList<>();
        private final List<String> faults = new ArrayList<>();
        private final List<Taken> taken = new ArrayList<>();
        private int known;

        private Reading(Rebuild rebuild) {
            this.rebuild = rebuild;
        }

        private Report read() throws InterruptedException {
            places.all().forEach(this::collect);
            for (Map.Entry<UUID, List<Copy>> backup : copies.entrySet()) {
                take(backup.getKey(), backup.getValue());
            }
            return new Report(taken, known, refused, faults);
        }

        private void collect(Location location) {
            try {
                for (Location.Found found : location.list()) {
                    Item.at(found.path())
                            .filter(item -> item.file().equals(Item.MANIFEST))
                            .ifPresent(item -> collect(location, item));
                }
            } catch (LocationFault e) {
                faults.add(e.getMessage());
            }
        }

        private void collect(Location location, Item item) {
            BackupFiles files = new BackupFiles(location, item.database(), item.backup());
            try {
                ManifestFile manifest = files.checked(keys);
                if (places.seals()
                        && !rebuild.unsealed()
                        && !manifest.archive().packing().hasSeal()) {
                    // Who may only write to the location can make one; what is sealed takes a key.
                    refuse(location, item, UNSEALED);
                    return;
                }
                boolean unproved = location.size(item.beside(Item.UNPROVED)).isPresent();
                copies.computeIfAbsent(item.backup(), _ -> new ArrayList<>())
                        .add(new Copy(location, item, manifest, unproved));
            } catch (BackupFault | LocationFault | IllegalArgumentException e) {
                refuse(location, item, String.valueOf(e.getMessage()));
            }
        }

        private void refuse(Location location, Item item, String why) {
            refused.add(new Refused(location.name(), item.path(), why));
        }

        private void take(UUID id, List<Copy> all) throws InterruptedException {
            if (jdbi.withHandle(handle -> backups.find(handle, id)).isPresent()) {
                known++;
                return;
            }
            Copy first = all.getFirst();
            List<Copy> same = all.stream()
                    .filter(copy -> copy.manifest()
                            .archive()
                            .sha256()
                            .equals(first.manifest().archive().sha256()))
                    .toList();
            all.stream()
                    .filter(copy -> !same.contains(copy))
                    .forEach(copy -> refuse(
                            copy.location(),
                            copy.at(),
                            "it differs from the copy in " + first.location().name()));
            if (same.stream().anyMatch(Copy::unproved)) {
                Archive archive = archive(same);
                add(
                        first,
                        new BackupState.Failed(
                                FailureReason.ARCHIVE_DAMAGED,
                                "something beside it says that it did not stand its proof",
                                archive.writtenAt(),
                                archive),
                        archive);
                return;
            }
            prove(same);
        }

        private void prove(List<Copy> same) throws InterruptedException {
            List<Copy> good = new ArrayList<>();
            Instant begun = clock.instant();
            for (Copy copy : same) {
                try {
                    proofs.readBack(of(copy), limits);
                    good.add(copy);
                } catch (BackupFault | IllegalArgumentException e) {
                    refuse(copy.location(), copy.at(), String.valueOf(e.getMessage()));
                }
            }
            if (!good.isEmpty()) {
                Archive archive = archive(good);
                Proof proof = new Proof(
                        ProofKind.READBACK,
                        now(),
                        Duration.between(begun, clock.instant()),
                        "read to its end in %s when the catalogue was made anew"
                                .formatted(String.join(", ", archive.locations())));
                add(good.getFirst(), new BackupState.Completed(archive, List.of(proof), archive.writtenAt()), archive);
            }
        }

        private Copies of(Copy copy) {
            Archive archive = copy.manifest().archive();
            return new Copies(
                    copy.at().backup(),
                    archive,
                    copy.at().beside(archive.packing().file()),
                    List.of(copy.location()),
                    keys);
        }

        private Archive archive(List<Copy> good) {
            return good.getFirst()
                    .manifest()
                    .archive()
                    .in(good.stream().map(copy -> copy.location().name()).toList());
        }

        private void add(Copy copy, BackupState state, Archive archive) {
            taken.add(new Taken(
                    copy.at().backup(),
                    copy.at().database().toString(),
                    archive.snapshotAt(),
                    archive.locations(),
                    state.phase().label()));
            if (rebuild.dryRun()) {
                return;
            }
            String source = copy.manifest().source();
            Backup backup = new Backup(
                    copy.at().backup(),
                    copy.at().database(),
                    databases
                            .current(copy.at().database())
                            .map(Databases.Known::manifest)
                            .orElse(NO_MANIFEST),
                    source == null ? NO_MANIFEST : source,
                    ProofKind.READBACK,
                    new Origin("rebuild by " + rebuild.requestedBy(), null, null, Ids.next(clock)),
                    archive.snapshotAt(),
                    archive.snapshotAt(),
                    0,
                    state);
            jdbi.useTransaction(tx -> backups.takeIn(tx, backup));
        }
    }
}
