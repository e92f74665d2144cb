package dev.slipway.backup.capture;

import dev.slipway.backup.disk.BackupFolder;
import dev.slipway.backup.disk.DiskLocation;
import dev.slipway.backup.disk.Draft;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.postgres.Limits;
import dev.slipway.backup.postgres.PgClient;
import dev.slipway.backup.postgres.PgClients;
import dev.slipway.backup.postgres.PostgresAccess;
import dev.slipway.backup.postgres.PostgresPrograms;
import dev.slipway.backup.postgres.PostgresSession;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;

/// Takes a backup of one database: one snapshot, every row counted in it, `pg_dump` under the same snapshot
/// straight to the disk, hashed on the way. When it fails, nothing is left under a final name.
public final class CaptureBackup {
    private final PgClients clients;
    private final PostgresPrograms programs;
    private final Clock clock;

    public CaptureBackup(PgClients clients, PostgresPrograms programs, Clock clock) {
        this.clients = clients;
        this.programs = programs;
        this.clock = clock;
    }

    /// Takes it, into an empty folder.
    ///
    /// @throws BackupFault with the reason, nothing stored
    public Archive capture(UUID backup, PostgresAccess source, BackupFolder folder, Limits limits)
            throws BackupFault, InterruptedException {
        try (PostgresSession session = PostgresSession.open(source, backup, limits)) {
            PostgresSession.Facts facts = session.facts();
            PgClient client = clients.forServer(facts.major());
            // Read before the snapshot is taken: whoever asks for "nothing older" gets what they asked for.
            Instant snapshotAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
            String snapshot = session.snapshot();
            SortedMap<String, Long> rows = session.countRows();
            try (Draft draft = folder.begin()) {
                programs.dump(client, source, backup, snapshot, limits, draft.sink());
                Draft.Written written = draft.finish();
                Archive archive = archive(facts, client, snapshotAt, rows, written);
                draft.publish(archive);
                return archive;
            }
        } catch (IOException e) {
            throw new BackupFault(FailureReason.STORAGE_FAILED, "storing the archive: " + e, e);
        }
    }

    private Archive archive(
            PostgresSession.Facts facts,
            PgClient client,
            Instant snapshotAt,
            SortedMap<String, Long> rows,
            Draft.Written written) {
        return new Archive(
                snapshotAt,
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                written.sizeBytes(),
                written.sha256(),
                facts.sizeBytes(),
                facts.version(),
                client.version(),
                facts.encoding(),
                facts.collation(),
                facts.extensions(),
                rows,
                List.of(DiskLocation.NAME));
    }
}
