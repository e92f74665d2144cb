package dev.slipway.backup.copies;

import dev.slipway.backup.catalogue.BackupFiles;
import dev.slipway.backup.copies.MissingCopies.Missing;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.BackupState.Completed;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.ledger.CopyId;
import dev.slipway.backup.ledger.Details;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.Ledger;
import dev.slipway.backup.ledger.Patience;
import dev.slipway.backup.ledger.Signal;
import dev.slipway.backup.location.Draft;
import dev.slipway.backup.location.Item;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.proof.Copies;
import dev.slipway.backup.proof.Readback;
import dev.slipway.backup.request.Answers;
import dev.slipway.backup.retention.RemoveLater;
import dev.slipway.backup.storage.Storage;
import dev.slipway.backup.storage.Storages;
import dev.slipway.backup.stream.Digest;
import dev.slipway.eventing.EventWriter;
import dev.slipway.eventing.WorkHandler;
import dev.slipway.eventing.WorkItem;
import dev.slipway.eventing.WorkResult;
import dev.slipway.events.BackupCopied;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Gives one location the copy of a backup that it lacks, from one that has a good one: hashed on its way, published
/// only when the hash is the one it was written with, its manifest last, and hashed once more where it lies then. A
/// location that does not answer is tried again, less and less often, for as long as the backup is kept.
@Singleton
public final class CopyBackup implements WorkHandler {
    static final String KIND = "copy";

    private static final Logger LOG = Logger.getLogger(CopyBackup.class);
    private static final int BUFFER = 256 * 1024;

    private final Jdbi jdbi;
    private final Backups backups;
    private final Ledger ledger;
    private final MissingCopies missing;
    private final WantCopies want;
    private final Storages storages;
    private final RemoveLater removals;
    private final Answers answers;
    private final EventWriter events;
    private final Clock clock;

    public CopyBackup(
            Jdbi jdbi,
            Backups backups,
            Ledger ledger,
            MissingCopies missing,
            WantCopies want,
            Storages storages,
            RemoveLater removals,
            Answers answers,
            EventWriter events,
            Clock clock) {
        this.jdbi = jdbi;
        this.backups = backups;
        this.ledger = ledger;
        this.missing = missing;
        this.want = want;
        this.storages = storages;
        this.removals = removals;
        this.answers = answers;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public WorkResult run(WorkItem item) {
        CopyId copy = CopyId.parse(item.id());
        UUID id = copy.backup();
        String name = copy.location();
        Optional<Missing> row = jdbi.withHandle(handle -> missing.find(handle, id, name));
        if (row.isEmpty()) {
            return WorkResult.done(_ -> {});
        }
        Backup backup = jdbi.withHandle(handle -> backups.find(handle, id)).orElseThrow();
        if (!(backup.state() instanceof Completed completed)) {
            return WorkResult.done(tx -> done(tx, backup, name));
        }
        try {
            Storage storage = storages.of(backup);
            Location to = storage.named(name);
            Copies all = Copies.of(id, backup.database(), completed.archive(), storage);
            if (completed.archive().locations().contains(name) && isGood(all, to, backup, storage)) {
                return WorkResult.done(tx -> done(tx, backup, name));
            }
            String from = copy(all, to, backup, storage);
            return WorkResult.done(tx -> copied(tx, backup, name, from));
        } catch (NoGoodCopy gone) {
            return WorkResult.done(tx -> lost(tx, backup, name, gone));
        } catch (BackupFault | IOException | IllegalArgumentException fault) {
            LOG.warnf("backup not copied backup=%s location=%s: %s", id, name, fault.getMessage());
            return WorkResult.again(
                    clock.instant().plus(Patience.after(row.get().tries())),
                    tx -> missing.tried(tx, row.get(), String.valueOf(fault.getMessage())));
        }
    }

    private static boolean isGood(Copies all, Location location, Backup backup, Storage storage) throws BackupFault {
        try {
            Readback.compareStored(all, location);
            return files(location, backup).finished(storage.keys()).isPresent();
        } catch (BackupFault fault) {
            if (fault.reason() != FailureReason.ARCHIVE_DAMAGED) {
                throw fault;
            }
            LOG.warnf("copy damaged backup=%s: %s", backup.id(), fault.getMessage());
            return false;
        }
    }

    /// Every location that should have the archive was looked at: none has it as it was written.
    private static final class NoGoodCopy extends Exception {
        private static final long serialVersionUID = 1L;

        NoGoodCopy(String message) {
            super(message);
        }
    }

    /// @return the location it was copied from
    private static String copy(Copies all, Location to, Backup backup, Storage storage)
            throws BackupFault, IOException, NoGoodCopy {
        BackupFault last =
                new BackupFault(FailureReason.ARCHIVE_DAMAGED, "no other location has a copy of backup " + backup.id());
        for (Location from : all.locations()) {
            if (from.name().equals(to.name())) {
                continue;
            }
            try {
                copy(from, to, all, backup, storage);
                return from.name();
            } catch (BackupFault fault) {
                last = fault;
            }
        }
        requireAnyGood(all);
        throw last;
    }

    /// A location that cannot be read may have a good one: then somebody has to wait for it.
    private static void requireAnyGood(Copies all) throws NoGoodCopy {
        List<String> why = new ArrayList<>();
        for (Location location : all.locations()) {
            try {
                Readback.compareStored(all, location);
                return;
            } catch (BackupFault fault) {
                if (fault.reason() != FailureReason.ARCHIVE_DAMAGED) {
                    return;
                }
                why.add(fault.getMessage());
            }
        }
        throw new NoGoodCopy(String.join("; ", why));
    }

    private static void copy(Location from, Location to, Copies all, Backup backup, Storage storage)
            throws BackupFault, IOException {
        Archive archive = all.archive();
        BackupFiles source = files(from, backup);
        if (source.finished(storage.keys()).isEmpty()) {
            throw damaged(from, "there is no manifest");
        }
        byte[] manifest = source.manifest();
        to.removeDrafts(backup.database(), backup.id());
        stream(from, to, all.item(), archive.sizeBytes(), archive.sha256());
        Details.SmallFile roles = archive.details().roles();
        if (roles != null) {
            stream(from, to, all.item().beside(roles.file()), roles.sizeBytes(), roles.sha256());
        }
        to.put(all.item().beside(Item.MANIFEST), manifest);
        Readback.compareStored(all, to);
    }

    /// Nothing of it gets its name in `to` unless it is what was written.
    private static void stream(Location from, Location to, Item item, long bytes, String sha256)
            throws BackupFault, IOException {
        Digest digest = new Digest();
        try (InputStream in = open(from, item);
                Draft draft = to.begin(item)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = read(in, buffer, from); read >= 0; read = read(in, buffer, from)) {
                digest.add(buffer, 0, read);
                draft.write(ByteBuffer.wrap(buffer, 0, read));
            }
            if (digest.bytes() != bytes || !digest.sha256().equals(sha256)) {
                throw damaged(from, item.file() + " is not what was written");
            }
            draft.finish();
            draft.publish();
        }
    }

    private static InputStream open(Location from, Item item) throws BackupFault {
        try {
            return from.open(item);
        } catch (LocationFault e) {
            throw e.asBackupFault();
        }
    }

    /// A fault of the one read from is no fault of the one written to: another may have it.
    private static int read(InputStream in, byte[] buffer, Location from) throws BackupFault {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw new BackupFault(
                    FailureReason.STORAGE_FAILED, "location %s: %s".formatted(from.name(), e.getMessage()), e);
        }
    }

    private static BackupFault damaged(Location location, String what) {
        return new BackupFault(FailureReason.ARCHIVE_DAMAGED, "location %s: %s".formatted(location.name(), what));
    }

    private static BackupFiles files(Location location, Backup backup) {
        return new BackupFiles(location, backup.database(), backup.id());
    }

    private void copied(Handle tx, Backup seen, String location, String from) {
        Backup backup = backups.lock(tx, seen.id()).orElseThrow();
        if (!(backup.state() instanceof Completed)) {
            // It was let go while it was copied.
            removals.remove(tx, backup.id(), location);
            done(tx, backup, location);
            return;
        }
        Backup now = ledger.move(tx, backup, new Signal.Copied(location));
        Archive archive = now.state().archive();
        LOG.infof("backup copied backup=%s location=%s from=%s", now.id(), location, from);
        events.write(
                tx,
                now.database().toString(),
                now.id().toString(),
                now.origin().chainId(),
                new BackupCopied(
                        now.id(),
                        now.database().application(),
                        now.database().name(),
                        location,
                        from,
                        archive == null ? List.of() : archive.locations()));
        done(tx, now, location);
    }

    /// What nobody can restore any more is no backup, whatever was proved of it once.
    private void lost(Handle tx, Backup seen, String location, NoGoodCopy gone) {
        Backup backup = backups.lock(tx, seen.id()).orElseThrow();
        if (backup.state() instanceof Completed) {
            answers.ended(
                    tx,
                    ledger.move(
                            tx,
                            backup,
                            new Signal.Lost(FailureReason.ARCHIVE_DAMAGED, String.valueOf(gone.getMessage()))));
        }
        done(tx, backup, location);
    }

    private void done(Handle tx, Backup backup, String location) {
        missing.done(tx, backup.id(), location);
        want.recovered(tx, backup.database());
    }
}
