package dev.slipway.backup.ledger;

import dev.slipway.backup.ledger.Signal.Begun;
import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/// Backups put into the ledger without taking them.
public final class Stored {
    private static final Backups BACKUPS = new Backups();

    private Stored() {}

    /// A backup in any state.
    public static Backup put(Jdbi jdbi, Ledger.Order order, BackupState state, Instant requestedAt) {
        return jdbi.inTransaction(tx -> {
            Backup pending = Backup.pending(UUID.randomUUID(), order, requestedAt);
            if (!BACKUPS.add(tx, pending)) {
                throw new IllegalStateException("one waits already: " + order.database());
            }
            BackupRules.Decision begun = BackupRules.decide(pending.state(), new Begun(), requestedAt);
            BackupState running = ((BackupRules.Decision.Move) begun).to();
            Backup started = BACKUPS.update(tx, pending, running, requestedAt).orElseThrow();
            return BACKUPS.update(tx, started, state, requestedAt).orElseThrow();
        });
    }
}
