package dev.slipway.backup.drill;

import dev.slipway.backup.copies.WantCopies;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.BackupState.Completed;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.Ledger;
import dev.slipway.backup.ledger.Signal;
import dev.slipway.backup.proof.DrillReport;
import dev.slipway.backup.proof.RestoreDrill;
import dev.slipway.backup.request.Answers;
import dev.slipway.backup.watchdog.NextAct;
import dev.slipway.backup.watchdog.Trouble.Kind;
import dev.slipway.backup.watchdog.Troubles;
import dev.slipway.events.BackupDoubted;
import jakarta.inject.Singleton;
import org.jdbi.v3.core.Handle;

/// What a drill means for its backup. One that restores wrongly from bytes that are right, or of which no
/// copy is as it was written, is given to nobody any more. Everything else — the server, the way there, a
/// check that holds of newer data only — leaves the backup what it is, and is told.
@Singleton
public final class DrillResult {
    private final Backups backups;
    private final Ledger ledger;
    private final Answers answers;
    private final WantCopies copies;
    private final Troubles troubles;

    public DrillResult(Backups backups, Ledger ledger, Answers answers, WantCopies copies, Troubles troubles) {
        this.backups = backups;
        this.ledger = ledger;
        this.answers = answers;
        this.copies = copies;
        this.troubles = troubles;
    }

    /// @param noCopyIsGood as far as the drill found an archive damaged
    void tell(Handle tx, Drill drill, DrillReport report, boolean noCopyIsGood) {
        Backup backup = backups.lock(tx, drill.backup()).orElse(null);
        if (backup == null || !(backup.state() instanceof Completed completed)) {
            // Let go meanwhile: nobody relies on it, whatever was found.
            return;
        }
        FailureReason reason = report.reason();
        if (reason == null) {
            passed(tx, backup, report);
        } else if (noCopyIsGood || isTheBackups(reason)) {
            Signal lost = new Signal.Lost(reason, "a drill found: " + report.message());
            answers.ended(tx, ledger.move(tx, backup, lost));
        } else {
            if (reason == FailureReason.ARCHIVE_DAMAGED) {
                copies.check(tx, backup, completed);
            }
            doubt(tx, backup, reason, String.valueOf(report.message()));
        }
    }

    private void passed(Handle tx, Backup backup, DrillReport report) {
        try {
            ledger.move(tx, backup, new Signal.Drilled(RestoreDrill.proof(report)));
        } catch (BackupFault fault) {
            throw new IllegalStateException("a drill that passed is a proof", fault);
        }
        troubles.end(tx, backup.database(), Kind.DRILL, "", "a drill of backup %s passed".formatted(backup.id()));
    }

    private void doubt(Handle tx, Backup backup, FailureReason reason, String message) {
        String why = "a drill of backup %s failed: %s".formatted(backup.id(), message);
        String nextAct = NextAct.after(reason);
        troubles.tell(
                tx,
                new Troubles.Found(backup.database(), Kind.DRILL, "", why, nextAct),
                environment -> new BackupDoubted(
                        backup.id(),
                        backup.database().application(),
                        backup.database().name(),
                        environment,
                        Kind.DRILL.label(),
                        why,
                        nextAct));
    }

    private static boolean isTheBackups(FailureReason reason) {
        return reason == FailureReason.COUNTS_DIFFER || reason == FailureReason.OBJECTS_MISSING;
    }
}
