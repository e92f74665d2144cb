package dev.slipway.backup.capture;

import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Dumped;
import dev.slipway.backup.engine.Engine;
import dev.slipway.backup.engine.Engines;
import dev.slipway.backup.engine.Job;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.ledger.Details;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.Packing;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.program.Run;
import dev.slipway.backup.storage.Storage;
import dev.slipway.backup.stream.OnePass;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Takes a backup of one database: one moment of it, every row counted in that moment, the dump in one pass to every
/// location. When it fails, nothing is left under a final name.
public final class CaptureBackup {
    private final Engines engines;
    private final Clock clock;

    public CaptureBackup(Engines engines, Clock clock) {
        this.engines = engines;
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
            Access source,
            Storage storage,
            Limits limits) {
        Job job() {
            return new Job(backup, source, limits);
        }
    }

    /// Takes it; where it is to lie there is nothing of it.
    ///
    /// @throws BackupFault with the reason, nothing stored
    public Archive capture(Order order) throws BackupFault, InterruptedException {
        Engine engine = engines.of(order.source().kind());
        try (Deposit deposit = new Deposit(order, engine)) {
            Run.current().begin(Run.Kind.DUMPING, 0);
            Dumped dumped = engine.dump(
                    order.job(), order.storage().method(), deposit.pass().input());
            Run.current().goOn(Run.Kind.STORING);
            OnePass.Written written = deposit.pass().finish();
            Details details = details(order, dumped, engine, deposit);
            return deposit.publish(names -> archive(dumped, written, deposit.packing(written), details, names));
        } catch (LocationFault e) {
            throw e.asBackupFault();
        } catch (IOException e) {
            throw new BackupFault(FailureReason.STORAGE_FAILED, "storing the archive: " + e.getMessage(), e);
        }
    }

    /// The roles are worth having and not worth failing for: who may not read them is told so in the manifest.
    private static Details details(Order order, Dumped dumped, Engine engine, Deposit deposit)
            throws InterruptedException {
        List<String> notes = new ArrayList<>(dumped.notes());
        Details.SmallFile roles = null;
        try {
            roles = deposit.beside("roles", engine.roles(order.job(), dumped));
        } catch (BackupFault e) {
            notes.add("without the server's roles: " + e.getMessage());
        }
        return new Details(dumped.schemaVersion(), dumped.objects(), notes, roles);
    }

    private Archive archive(
            Dumped dumped, OnePass.Written written, Packing packing, Details details, List<Location> locations) {
        return new Archive(
                dumped.snapshotAt(),
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                written.storedBytes(),
                written.storedSha256(),
                dumped.databaseBytes(),
                dumped.serverVersion(),
                dumped.clientVersion(),
                dumped.encoding(),
                dumped.collation(),
                dumped.extensions(),
                dumped.tables(),
                locations.stream().map(Location::name).toList(),
                packing,
                details);
    }
}
