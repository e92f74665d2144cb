package dev.slipway.backup.proof;

import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Engines;
import dev.slipway.backup.engine.Job;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.engine.Scratch;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.Proof;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.program.Run;
import dev.slipway.backup.stream.Unpacked;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Proves a backup by the only thing it is for: restores it, into a scratch database on the same server, and
/// compares the rows of every table with those counted in the snapshot. The scratch database is dropped whatever
/// happens.
public final class RestoreDrill {
    private static final int DIFFERENCES_TOLD = 3;

    private final Engines engines;
    private final Clock clock;

    public RestoreDrill(Engines engines, Clock clock) {
        this.engines = engines;
        this.clock = clock;
    }

    /// Restores the archive and compares the rows.
    ///
    /// @throws BackupFault `restore-failed` or `counts-differ`, or why the server could not be used
    public Proof prove(Copies copies, Access source, Limits limits) throws BackupFault, InterruptedException {
        Archive archive = copies.archive();
        Job job = new Job(copies.backup(), source, limits);
        Instant begun = clock.instant();
        Run.current().begin(Run.Kind.RESTORING, archive.packing().plainBytes());
        try (Scratch scratch = engines.of(archive).scratch(job, archive)) {
            restore(copies, scratch);
            compare(archive, scratch.countRows());
        }
        Instant ended = clock.instant();
        return new Proof(
                ProofKind.RESTORE,
                ended,
                Duration.between(begun, ended),
                "restored into a scratch database: %d tables, %d rows, each table equal to the snapshot"
                        .formatted(archive.tables().size(), archive.totalRows()));
    }

    private static void restore(Copies copies, Scratch scratch) throws BackupFault, InterruptedException {
        try (Unpacked unpacked = copies.open()) {
            scratch.restore(unpacked);
        } catch (IOException e) {
            throw Readback.fault(e, "restoring into " + scratch.access());
        }
    }

    private static void compare(Archive archive, Map<String, Long> restored) throws BackupFault {
        List<String> differences = archive.differences(restored);
        if (!differences.isEmpty()) {
            int untold = differences.size() - DIFFERENCES_TOLD;
            throw new BackupFault(
                    FailureReason.COUNTS_DIFFER,
                    String.join("; ", differences.subList(0, Math.min(differences.size(), DIFFERENCES_TOLD)))
                            + (untold > 0 ? " and %d more".formatted(untold) : ""));
        }
    }
}
