package dev.slipway.backup.proof;

import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.Proof;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.postgres.Limits;
import dev.slipway.backup.postgres.PgClient;
import dev.slipway.backup.postgres.PgClients;
import dev.slipway.backup.postgres.PostgresAccess;
import dev.slipway.backup.postgres.PostgresPrograms;
import dev.slipway.backup.postgres.PostgresSession;
import dev.slipway.backup.postgres.ScratchDatabase;
import dev.slipway.backup.stream.Unpacked;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Proves a backup by the only thing it is for: restores it, into a scratch database on the same server, and
/// compares the rows of every table with those counted in the snapshot. The scratch database is dropped whatever
/// happens.
public final class RestoreDrill {
    private static final int DIFFERENCES_TOLD = 3;

    private final PgClients clients;
    private final PostgresPrograms programs;
    private final Clock clock;

    public RestoreDrill(PgClients clients, PostgresPrograms programs, Clock clock) {
        this.clients = clients;
        this.programs = programs;
        this.clock = clock;
    }

    /// Restores the archive and compares the rows.
    ///
    /// @throws BackupFault `restore-failed` or `counts-differ`, or why the server could not be used
    public Proof prove(Copies copies, PostgresAccess source, Limits limits) throws BackupFault, InterruptedException {
        Archive archive = copies.archive();
        UUID backup = copies.backup();
        Instant begun = clock.instant();
        try (ScratchDatabase scratch = ScratchDatabase.create(source, backup, limits)) {
            PgClient client = clients.forServer(Math.max(scratch.serverMajor(), archive.clientMajor()));
            restore(client, copies, scratch, limits);
            compare(archive, count(scratch.access(), backup, limits));
        }
        Instant ended = clock.instant();
        return new Proof(
                ProofKind.RESTORE,
                ended,
                Duration.between(begun, ended),
                "restored into a scratch database: %d tables, %d rows, each table equal to the snapshot"
                        .formatted(archive.tables().size(), archive.totalRows()));
    }

    private void restore(PgClient client, Copies copies, ScratchDatabase scratch, Limits limits)
            throws BackupFault, InterruptedException {
        try (Unpacked unpacked = copies.open()) {
            programs.restore(client, unpacked, scratch, copies.backup(), limits);
        } catch (IOException e) {
            throw Readback.fault(e, "restoring into " + scratch.access());
        }
    }

    private static Map<String, Long> count(PostgresAccess scratch, UUID backup, Limits limits) throws BackupFault {
        try (PostgresSession session = PostgresSession.open(scratch, backup, limits)) {
            session.snapshot();
            return session.countRows();
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
