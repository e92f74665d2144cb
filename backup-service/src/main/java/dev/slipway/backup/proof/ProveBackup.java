package dev.slipway.backup.proof;

import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.Proof;
import dev.slipway.backup.ledger.ProofKind;
import java.util.List;

/// Proves a stored backup: always by reading it back, and by restoring it where that is asked for.
public final class ProveBackup {
    private final Readback readback;
    private final RestoreDrill drill;

    public ProveBackup(Readback readback, RestoreDrill drill) {
        this.readback = readback;
        this.drill = drill;
    }

    /// Makes the weakest proof, for which nobody need know where the database is.
    public Proof readBack(Copies copies, Limits limits) throws BackupFault, InterruptedException {
        return readback.prove(copies, limits);
    }

    /// Makes the proof that is asked for, and every weaker one.
    ///
    /// @return the proofs, weakest first
    /// @throws BackupFault of the first proof that the backup did not stand
    public List<Proof> prove(Copies copies, Access source, ProofKind kind, Limits limits)
            throws BackupFault, InterruptedException {
        Proof read = readback.prove(copies, limits);
        return switch (kind) {
            case READBACK -> List.of(read);
            case RESTORE -> List.of(read, drill.prove(copies, source, limits));
        };
    }
}
