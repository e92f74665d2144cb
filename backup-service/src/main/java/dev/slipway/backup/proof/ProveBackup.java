package dev.slipway.backup.proof;

import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.ledger.Proof;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.program.Run;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;

/// Proves a stored backup: always by reading it back, and by restoring it where that is asked for.
public final class ProveBackup {
    private final Readback readback;
    private final RestoreDrill drill;
    private final BiConsumer<DatabaseKey, DrillReport> reports;

    /// @param reports told of every drill, whatever came of it
    public ProveBackup(Readback readback, RestoreDrill drill, BiConsumer<DatabaseKey, DrillReport> reports) {
        this.readback = readback;
        this.drill = drill;
        this.reports = reports;
    }

    /// What is asked of a backup.
    ///
    /// @param kind the proof
    /// @param judgement what else has to be true of it
    /// @param before how many bytes the last proved dumps of the database had
    public record Asked(ProofKind kind, Judgement judgement, Collection<Long> before) {}

    /// Makes the weakest proof, for which nobody need know where the database is.
    public Proof readBack(Copies copies, Limits limits) throws BackupFault, InterruptedException {
        return readback.prove(copies, limits);
    }

    /// Makes the proof that is asked for, and every weaker one.
    ///
    /// @return the proofs, weakest first
    /// @throws BackupFault of the first proof that the backup did not stand
    public List<Proof> prove(Copies copies, Access source, Asked asked, Limits limits)
            throws BackupFault, InterruptedException {
        Proof read = readback.prove(copies, limits);
        asked.judgement().size().require(copies.archive().packing().plainBytes(), asked.before());
        return switch (asked.kind()) {
            case READBACK -> List.of(read);
            case RESTORE ->
                List.of(read, restored(copies, source, asked.judgement().checks(), limits));
        };
    }

    private Proof restored(Copies copies, Access source, List<Check> checks, Limits limits)
            throws BackupFault, InterruptedException {
        DrillReport report = drill.drill(copies, source, checks, limits);
        // Of one that was stopped nothing is known.
        if (!Run.current().isStopped()) {
            reports.accept(copies.item().database(), report);
        }
        return RestoreDrill.proof(report);
    }
}
