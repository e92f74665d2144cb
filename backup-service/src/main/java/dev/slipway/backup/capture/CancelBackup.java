package dev.slipway.backup.capture;

import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.ledger.CancelWish;
import dev.slipway.backup.ledger.Ledger;
import dev.slipway.backup.ledger.Runs;
import dev.slipway.backup.ledger.Signal;
import dev.slipway.backup.request.Answers;
import dev.slipway.eventing.WorkQueue;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/// Cancels a backup that is not over: one that waits at once, one that runs by its worker, within seconds, wherever
/// that is.
@Singleton
public final class CancelBackup {
    private static final Logger LOG = Logger.getLogger(CancelBackup.class);

    private final Backups backups;
    private final Runs runs;
    private final Ledger ledger;
    private final Answers answers;
    private final WorkQueue queue;

    public CancelBackup(Backups backups, Runs runs, Ledger ledger, Answers answers, WorkQueue queue) {
        this.backups = backups;
        this.runs = runs;
        this.ledger = ledger;
        this.answers = answers;
        this.queue = queue;
    }

    /// @return as it is now; unchanged when it was over
    public Backup cancel(Handle tx, CancelWish wish) {
        Backup backup = backups.lock(tx, wish.backup()).orElseThrow();
        if (backup.isOver()) {
            return backup;
        }
        LOG.infof("backup to be cancelled backup=%s by=%s: %s", backup.id(), wish.by(), wish.reason());
        runs.cancel(tx, wish);
        if (!(backup.state() instanceof BackupState.Pending)) {
            return backup;
        }
        Backup cancelled = ledger.move(tx, backup, new Signal.Stopped(wish.by(), wish.reason()));
        queue.cancel(tx, Ledger.CAPTURE, backup.id().toString());
        answers.ended(tx, cancelled);
        return cancelled;
    }
}
