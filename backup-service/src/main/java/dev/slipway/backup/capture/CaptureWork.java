package dev.slipway.backup.capture;

import dev.slipway.backup.catalogue.BackupFiles;
import dev.slipway.backup.copies.WantCopies;
import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Job;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.ledger.CancelWish;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.Ledger;
import dev.slipway.backup.ledger.Proof;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.ledger.Runs;
import dev.slipway.backup.ledger.Signal;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.program.Run;
import dev.slipway.backup.proof.Copies;
import dev.slipway.backup.proof.Judgement;
import dev.slipway.backup.proof.ProveBackup;
import dev.slipway.backup.request.Answers;
import dev.slipway.backup.retention.RemoveLater;
import dev.slipway.backup.storage.Storage;
import dev.slipway.backup.storage.Storages;
import dev.slipway.eventing.WorkHandler;
import dev.slipway.eventing.WorkItem;
import dev.slipway.eventing.WorkResult;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Takes and proves one queued backup, from the queue to its end.
///
/// Taken up again after a kill, it asks first: a finished archive in enough locations is adopted and proved, anything
/// less is removed, with whatever the killed worker left on the server, and taken anew.
@Singleton
public final class CaptureWork implements WorkHandler {
    private static final Logger LOG = Logger.getLogger(CaptureWork.class);

    /// How soon a backup looks again whether the dump before it has ended.
    private static final Duration TURN = Duration.ofSeconds(1);

    private final Jdbi jdbi;
    private final Backups backups;
    private final Ledger ledger;
    private final Answers answers;
    private final Databases databases;
    private final Storages storages;
    private final CaptureBackup capture;
    private final ProveBackup proofs;
    private final TidyUp tidyUp;
    private final Undo undo;
    private final RunWatch watch;
    private final Runs runs;
    private final RemoveLater removals;
    private final WantCopies copies;
    private final TellSize sizes;
    private final Limits limits;
    private final Clock clock;

    public CaptureWork(
            Jdbi jdbi,
            Backups backups,
            Ledger ledger,
            Answers answers,
            Databases databases,
            Storages storages,
            CaptureBackup capture,
            ProveBackup proofs,
            TidyUp tidyUp,
            RunWatch watch,
            Runs runs,
            RemoveLater removals,
            WantCopies copies,
            TellSize sizes,
            Limits limits,
            Clock clock) {
        this.jdbi = jdbi;
        this.backups = backups;
        this.ledger = ledger;
        this.answers = answers;
        this.databases = databases;
        this.storages = storages;
        this.capture = capture;
        this.proofs = proofs;
        this.tidyUp = tidyUp;
        this.undo = new Undo(tidyUp, limits);
        this.watch = watch;
        this.runs = runs;
        this.removals = removals;
        this.copies = copies;
        this.sizes = sizes;
        this.limits = limits;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return Ledger.CAPTURE;
    }

    @Override
    public WorkResult run(WorkItem item) {
        UUID id = UUID.fromString(item.id());
        Optional<Backup> seen = jdbi.withHandle(handle -> backups.find(handle, id));
        if (seen.isEmpty() || seen.get().isOver()) {
            return WorkResult.done(_ -> {});
        }
        Optional<CancelWish> wish = wish(id);
        if (wish.isPresent()) {
            return cancelled(seen.get(), wish.get());
        }
        Optional<Backup> begun = jdbi.inTransaction(tx -> begin(tx, seen.get()));
        if (begun.isEmpty()) {
            return WorkResult.again(clock.instant().plus(TURN), _ -> {});
        }
        if (begun.get().isOver()) {
            return WorkResult.done(_ -> {});
        }
        boolean takenOver = !(seen.get().state() instanceof BackupState.Pending);
        return work(begun.get(), takenOver);
    }

    private WorkResult work(Backup backup, boolean takenOver) {
        Signal signal;
        boolean stopped;
        try (RunWatch.Watched watched = watch.watch(backup)) {
            signal = ScopedValue.where(Run.CURRENT, watched.run()).call(() -> captureAndProve(backup, takenOver));
            stopped = watched.run().isStopped();
        }
        Optional<CancelWish> wish = wish(backup.id());
        if (wish.isPresent()) {
            return cancelled(backup, wish.get());
        }
        if (stopped) {
            throw new IllegalStateException("another worker took over backup " + backup.id());
        }
        return end(backup.id(), signal);
    }

    private Optional<CancelWish> wish(UUID id) {
        return jdbi.withHandle(handle -> runs.wish(handle, id));
    }

    /// Nothing of it runs any more here; what it left elsewhere goes first, and then it is cancelled.
    private WorkResult cancelled(Backup backup, CancelWish wish) {
        List<String> left;
        try {
            tidyUpAfter(backup);
            left = undo.files(backup, storages.of(backup));
        } catch (BackupFault fault) {
            throw new IllegalStateException("cancelling backup " + backup.id() + ": " + fault.getMessage(), fault);
        } catch (InterruptedException e) {
            throw interrupted(backup, e);
        }
        return WorkResult.done(tx -> {
            Backup now = backups.find(tx, backup.id()).orElseThrow();
            if (!now.isOver()) {
                left.forEach(location -> removals.remove(tx, backup.id(), location));
                over(tx, ledger.move(tx, now, new Signal.Stopped(wish.by(), wish.reason())));
            }
        });
    }

    /// A password that is not at hand keeps nobody from cancelling.
    private void tidyUpAfter(Backup backup) throws InterruptedException {
        try {
            undo.runs(backup, source(backup));
        } catch (BackupFault fault) {
            LOG.warnf("server not tidied up backup=%s: %s", backup.id(), fault.getMessage());
        }
    }

    private static IllegalStateException interrupted(Backup backup, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while taking backup " + backup.id(), e);
    }

    private void over(Handle tx, Backup ended) {
        runs.over(tx, ended.id());
        if (ended.state() instanceof BackupState.Completed completed) {
            copies.completed(tx, ended, completed);
            sizes.completed(tx, ended, completed);
        }
        answers.ended(tx, ended);
    }

    private Optional<Backup> begin(Handle tx, Backup seen) {
        Optional<Backup> begun = ledger.begin(tx, seen);
        begun.ifPresent(backup -> {
            if (backup.isOver()) {
                over(tx, backup);
            } else if (seen.state() instanceof BackupState.Pending) {
                answers.started(tx, backup);
            }
        });
        return begun;
    }

    private Signal captureAndProve(Backup backup, boolean takenOver) {
        try {
            Access source = source(backup);
            Storage storage = storages.taking(backup);
            if (takenOver) {
                tidyUp.after(new Job(backup.id(), source, limits));
            }
            Archive archive = archive(backup, source, storage);
            return new Signal.Proved(prove(backup, source, storage, archive));
        } catch (BackupFault fault) {
            LOG.warnf(
                    "backup broke backup=%s reason=%s: %s",
                    backup.id(), fault.reason().label(), fault.getMessage());
            return new Signal.Broke(fault.reason(), fault.getMessage());
        } catch (InterruptedException e) {
            throw interrupted(backup, e);
        }
    }

    /// In the transaction that ends the claim: what is read there is what this worker left, and a worker that
    /// lost its claim touches nothing, on disk either.
    private WorkResult end(UUID id, Signal signal) {
        return WorkResult.done(tx -> {
            Backup before = backups.lock(tx, id).orElseThrow();
            if (runs.wish(tx, id).isPresent()) {
                throw new IllegalStateException("backup " + id + " was cancelled in the last moment");
            }
            Backup ended = ledger.move(tx, before, signal);
            if (ended.state() instanceof BackupState.Failed failed) {
                setAside(ended, failed);
            }
            over(tx, ended);
        });
    }

    private Access source(Backup backup) throws BackupFault {
        Databases.Known known = databases
                .in(backup.database(), backup.manifest())
                .orElseThrow(() -> new BackupFault(
                        FailureReason.UNKNOWN_DATABASE,
                        "the manifest has no database '%s'"
                                .formatted(backup.database().name())));
        return databases.access(known.database());
    }

    private Archive archive(Backup backup, Access source, Storage storage) throws BackupFault, InterruptedException {
        if (backup.state() instanceof BackupState.Verifying verifying) {
            return verifying.archive();
        }
        Optional<Archive> adopted = Leftover.finished(backup, storage);
        int attempt = backup.state() instanceof BackupState.Running running ? running.attempt() : 1;
        Archive archive = adopted.isPresent()
                ? adopted.get()
                : capture.capture(new CaptureBackup.Order(
                        backup.id(), attempt, backup.database(), backup.source(), source, storage, limits));
        jdbi.useTransaction(tx -> ledger.move(tx, backup, new Signal.Stored(archive)));
        return archive;
    }

    private List<Proof> prove(Backup backup, Access source, Storage storage, Archive archive)
            throws BackupFault, InterruptedException {
        if (backup.proof() == ProofKind.RESTORE) {
            tidyUp.orphans(new Job(backup.id(), source, limits));
        }
        Copies copies = Copies.of(backup.id(), backup.database(), archive, storage);
        Judgement judgement = databases
                .in(backup.database(), backup.manifest())
                .map(known -> known.database().judgement())
                .orElse(Judgement.NONE);
        List<Long> before = jdbi.withHandle(handle -> sizes.before(handle, backup));
        return proofs.prove(copies, source, new ProveBackup.Asked(backup.proof(), judgement, before), limits);
    }

    private void setAside(Backup backup, BackupState.Failed failed) {
        try {
            for (BackupFiles files : BackupFiles.in(storages.of(backup).locations(), backup.database(), backup.id())) {
                files.setAside(failed.reason(), failed.message());
            }
        } catch (BackupFault | LocationFault e) {
            LOG.errorf("backup not set aside backup=%s: %s", backup.id(), e.getMessage());
        }
    }
}
