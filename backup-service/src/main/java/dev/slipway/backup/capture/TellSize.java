package dev.slipway.backup.capture;

import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState.Completed;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.proof.Size;
import dev.slipway.backup.watchdog.NextAct;
import dev.slipway.backup.watchdog.Trouble.Kind;
import dev.slipway.backup.watchdog.Troubles;
import dev.slipway.events.BackupDoubted;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Tells of a completed backup that is far larger or smaller than those before it: half a database is restored as
/// faithfully as a whole one.
@Singleton
public final class TellSize {
    private final Backups backups;
    private final Databases databases;
    private final Troubles troubles;

    public TellSize(Backups backups, Databases databases, Troubles troubles) {
        this.backups = backups;
        this.databases = databases;
        this.troubles = troubles;
    }

    /// The sizes a new backup is compared with.
    List<Long> before(Handle handle, Backup backup) {
        return backups.sizes(handle, backup.database(), backup.source(), backup.id(), Size.COMPARED);
    }

    void completed(Handle tx, Backup backup, Completed completed) {
        Size size = databases
                .in(backup.database(), backup.manifest())
                .map(known -> known.database().judgement().size())
                .orElse(Size.USUAL);
        Optional<String> odd = size.odd(completed.archive().packing().plainBytes(), before(tx, backup));
        if (odd.isEmpty()) {
            troubles.end(tx, backup.database(), Kind.SIZE, "", "backup %s is as large as usual".formatted(backup.id()));
            return;
        }
        String nextAct = NextAct.after(FailureReason.SIZE_IMPLAUSIBLE);
        troubles.tell(
                tx,
                new Troubles.Found(backup.database(), Kind.SIZE, "", odd.get(), nextAct),
                environment -> new BackupDoubted(
                        backup.id(),
                        backup.database().application(),
                        backup.database().name(),
                        environment,
                        Kind.SIZE.label(),
                        odd.get(),
                        nextAct));
    }
}
