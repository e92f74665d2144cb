package dev.slipway.backup.drill;

import dev.slipway.backup.capture.TidyUp;
import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Job;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.BackupRules;
import dev.slipway.backup.ledger.BackupState.Completed;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.program.Run;
import dev.slipway.backup.proof.Check;
import dev.slipway.backup.proof.Copies;
import dev.slipway.backup.proof.DrillReport;
import dev.slipway.backup.proof.Readback;
import dev.slipway.backup.proof.RestoreDrill;
import dev.slipway.backup.storage.Storages;
import dev.slipway.eventing.WorkHandler;
import dev.slipway.eventing.WorkItem;
import dev.slipway.eventing.WorkResult;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/// Makes a drill somebody or a schedule asked for. Taken up again after a kill, it first ends and removes what the lost
/// worker left: programs, sessions, passwords, the scratch database.
@Singleton
public final class DrillWork implements WorkHandler {
    private static final Logger LOG = Logger.getLogger(DrillWork.class);

    /// How soon one stops that another worker took over.
    private static final Duration LOOK = Duration.ofMillis(900);

    private final Jdbi jdbi;
    private final Drills drills;
    private final Backups backups;
    private final Databases databases;
    private final Storages storages;
    private final RestoreDrill restore;
    private final TidyUp tidyUp;
    private final DrillResult result;
    private final Limits limits;
    private final Clock clock;

    public DrillWork(
            Jdbi jdbi,
            Drills drills,
            Backups backups,
            Databases databases,
            Storages storages,
            RestoreDrill restore,
            TidyUp tidyUp,
            DrillResult result,
            Limits limits,
            Clock clock) {
        this.jdbi = jdbi;
        this.drills = drills;
        this.backups = backups;
        this.databases = databases;
        this.storages = storages;
        this.restore = restore;
        this.tidyUp = tidyUp;
        this.result = result;
        this.limits = limits;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return Drills.KIND;
    }

    @Override
    public WorkResult run(WorkItem item) {
        UUID id = UUID.fromString(item.id());
        Optional<Drill> begun = jdbi.inTransaction(tx -> drills.begin(tx, id));
        if (begun.isEmpty()) {
            return WorkResult.done(_ -> {});
        }
        Drill drill = begun.get();
        Run run = new Run(drill.backup(), () -> jdbi.withHandle(handle -> drills.isOurs(handle, drill)));
        DrillReport report;
        boolean isDamaged;
        try (Run.Guard _ = run.guard(LOOK)) {
            report = ScopedValue.where(Run.CURRENT, run).call(() -> make(drill));
            isDamaged = report.reason() == FailureReason.ARCHIVE_DAMAGED
                    && ScopedValue.where(Run.CURRENT, run).call(() -> noCopyIsGood(drill));
        }
        if (run.isStopped()) {
            throw new IllegalStateException("another worker took over drill " + id);
        }
        LOG.infof(
                "drill %s drill=%s backup=%s database=%s by=%s: %s",
                report.passed() ? "passed" : "failed",
                id,
                drill.backup(),
                drill.database(),
                drill.by(),
                report.passed() ? report.recovery() : report.message());
        return WorkResult.done(tx -> {
            drills.end(tx, id, report);
            result.tell(tx, drill, report, isDamaged);
        });
    }

    private DrillReport make(Drill drill) {
        Optional<Backup> backup = jdbi.withHandle(handle -> backups.find(handle, drill.backup()));
        if (backup.isEmpty() || !(backup.get().state() instanceof Completed completed)) {
            return notBegun(
                    drill, drill.requestedAt(), new BackupFault(FailureReason.STORAGE_FAILED, "the backup was let go"));
        }
        try {
            return make(drill, backup.get(), completed);
        } catch (BackupFault fault) {
            return notBegun(drill, completed.archive().snapshotAt(), fault);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in drill " + drill.id(), e);
        }
    }

    private DrillReport make(Drill drill, Backup backup, Completed completed) throws BackupFault, InterruptedException {
        Databases.Known known = databases
                .in(backup.database(), backup.manifest())
                .orElseThrow(() -> new BackupFault(
                        FailureReason.UNKNOWN_DATABASE,
                        "the manifest has no database '%s'"
                                .formatted(backup.database().name())));
        Access source = databases.access(known.database());
        Job job = new Job(backup.id(), source, limits);
        if (drill.attempt() > 1) {
            tidyUp.after(job);
        }
        if (drill.attempt() > BackupRules.ATTEMPTS) {
            throw new BackupFault(
                    FailureReason.INTERRUPTED,
                    "the service ended in the middle of it %d times".formatted(BackupRules.ATTEMPTS));
        }
        tidyUp.orphans(job);
        // The checks are those of today: somebody may have thought of better ones since.
        List<Check> checks = databases
                .current(backup.database())
                .orElse(known)
                .database()
                .judgement()
                .checks();
        Copies copies = Copies.of(backup.id(), backup.database(), completed.archive(), storages.of(backup));
        return restore.drill(copies, source, checks, limits);
    }

    /// A drill reads one copy: another may be as it was written.
    private boolean noCopyIsGood(Drill drill) {
        Optional<Backup> backup = jdbi.withHandle(handle -> backups.find(handle, drill.backup()));
        if (backup.isEmpty() || !(backup.get().state() instanceof Completed completed)) {
            return false;
        }
        try {
            Copies copies = Copies.of(
                    backup.get().id(), backup.get().database(), completed.archive(), storages.of(backup.get()));
            return copies.locations().stream().allMatch(location -> isDamaged(copies, location));
        } catch (BackupFault fault) {
            LOG.warnf("copies not looked at drill=%s: %s", drill.id(), fault.getMessage());
            return false;
        }
    }

    /// One that cannot be read right now need not be.
    private static boolean isDamaged(Copies copies, Location location) {
        try {
            Readback.compareStored(copies, location);
            return false;
        } catch (BackupFault fault) {
            return fault.reason() == FailureReason.ARCHIVE_DAMAGED;
        }
    }

    private DrillReport notBegun(Drill drill, Instant snapshotAt, BackupFault fault) {
        return DrillReport.notBegun(
                drill.backup(),
                snapshotAt,
                fault.reason(),
                String.valueOf(fault.getMessage()),
                clock.instant().truncatedTo(ChronoUnit.MICROS));
    }
}
