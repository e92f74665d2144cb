package dev.slipway.backup.capture;

import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.ledger.Details;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.Packing;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.postgres.Limits;
import dev.slipway.backup.postgres.PgClient;
import dev.slipway.backup.postgres.PgClients;
import dev.slipway.backup.postgres.PostgresAccess;
import dev.slipway.backup.postgres.PostgresPrograms;
import dev.slipway.backup.postgres.PostgresSession;
import dev.slipway.backup.storage.Storage;
import dev.slipway.backup.stream.OnePass;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Takes a backup of one database: one snapshot, every row counted in it, the dump under the same snapshot in one pass
/// to every location. When it fails, nothing is left under a final name.
public final class CaptureBackup {
    private final PgClients clients;
    private final PostgresPrograms programs;
    private final Clock clock;

    public CaptureBackup(PgClients clients, PostgresPrograms programs, Clock clock) {
        this.clients = clients;
        this.programs = programs;
        this.clock = clock;
    }

    /// What to take.
    ///
    /// @param attempt 1 for the first
    /// @param name which database it is, kept in the manifest; null when nobody can say
    public record Order(
            UUID backup,
            int attempt,
            DatabaseKey database,
            @Nullable String name,
            PostgresAccess source,
            Storage storage,
            Limits limits) {}

    /// Takes it; where it is to lie there is nothing of it.
    ///
    /// @throws BackupFault with the reason, nothing stored
    public Archive capture(Order order) throws BackupFault, InterruptedException {
        try (Deposit deposit = new Deposit(order)) {
            Seen seen = dump(order, deposit.pass());
            OnePass.Written written = deposit.pass().finish();
            Details details = details(order, seen, deposit);
            return deposit.publish(names -> archive(seen, written, deposit.packing(written), details, names));
        } catch (LocationFault e) {
            throw e.asBackupFault();
        } catch (IOException e) {
            throw new BackupFault(FailureReason.STORAGE_FAILED, "storing the archive: " + e.getMessage(), e);
        }
    }

    /// What was seen of the database while it was dumped.
    private record Seen(
            PostgresSession.Facts facts,
            PgClient client,
            Instant snapshotAt,
            SortedMap<String, Long> rows,
            @Nullable String schemaVersion) {}

    /// The session ends with it: its snapshot holds the server back, and the locations may take their time.
    private Seen dump(Order order, OnePass pass) throws BackupFault, InterruptedException {
        try (PostgresSession session = PostgresSession.open(order.source(), order.backup(), order.limits())) {
            PostgresSession.Facts facts = session.facts();
            PgClient client = clients.forServer(facts.major());
            // Read before the snapshot is taken: whoever asks for "nothing older" gets what they asked for.
            Instant snapshotAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
            String snapshot = session.snapshot();
            SortedMap<String, Long> rows = session.countRows();
            String schemaVersion = session.schemaVersion(rows.keySet());
            boolean gzip = order.storage().method() == Storage.Method.GZIP;
            programs.dump(
                    new PostgresPrograms.Dump(client, snapshot, gzip),
                    order.source(),
                    order.backup(),
                    order.limits(),
                    pass.input());
            return new Seen(facts, client, snapshotAt, rows, schemaVersion);
        }
    }

    /// The roles are worth having and not worth failing for: who may not read them is told so in the manifest.
    private Details details(Order order, Seen seen, Deposit deposit) throws InterruptedException {
        List<String> notes = new ArrayList<>();
        Details.SmallFile roles = null;
        try {
            roles = deposit.beside(
                    "roles", programs.roles(seen.client(), order.source(), order.backup(), order.limits()));
        } catch (BackupFault e) {
            notes.add("without the server's roles: " + e.getMessage());
        }
        return new Details(seen.schemaVersion(), new TreeMap<>(), notes, roles);
    }

    private Archive archive(
            Seen seen, OnePass.Written written, Packing packing, Details details, List<Location> locations) {
        PostgresSession.Facts facts = seen.facts();
        return new Archive(
                seen.snapshotAt(),
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                written.storedBytes(),
                written.storedSha256(),
                facts.sizeBytes(),
                facts.version(),
                seen.client().version(),
                facts.encoding(),
                facts.collation(),
                facts.extensions(),
                seen.rows(),
                locations.stream().map(Location::name).toList(),
                packing,
                details);
    }
}
