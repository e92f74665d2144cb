package dev.slipway.backup.storage;

import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.manifest.BackupManifest.Database;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.stream.Pace;
import dev.slipway.backup.vault.Keyring;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Finds how a database's backups are kept, as the manifest says.
public final class Storages {
    private final Databases databases;
    private final Map<String, Location> disks;
    private final Pace pace;

    /// @param disks the locations every application may use, by their names
    public Storages(Databases databases, Map<String, Location> disks, Pace pace) {
        this.databases = databases;
        this.disks = Map.copyOf(disks);
        this.pace = pace;
    }

    /// How a backup is kept, by the manifest it is taken by.
    public Storage of(Backup backup) throws BackupFault {
        return of(databases
                .in(backup.database(), backup.manifest())
                .orElseThrow(() -> new BackupFault(
                        FailureReason.UNKNOWN_DATABASE,
                        "the manifest has no database '%s'"
                                .formatted(backup.database().name())))
                .database());
    }

    private Storage of(Database database) throws BackupFault {
        List<Location> locations = new ArrayList<>();
        for (String name : database.locations()) {
            Location location = disks.get(name);
            if (location == null) {
                throw new BackupFault(FailureReason.STORAGE_FAILED, "there is no location '%s' here".formatted(name));
            }
            locations.add(location);
        }
        return new Storage(locations, locations.size(), Storage.Method.ZSTD, null, Keyring.empty(), pace);
    }
}
