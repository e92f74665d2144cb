package dev.slipway.backup.storage;

import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.manifest.BackupManifest.Database;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.stream.Pace;
import dev.slipway.backup.vault.MasterKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds how a database's backups are kept: as the manifest says, in the places this service has.
public final class Storages {
    private final Databases databases;
    private final Places places;
    private final Pace pace;

    public Storages(Databases databases, Places places, Pace pace) {
        this.databases = databases;
        this.places = places;
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

    /// How the backups of a database are kept.
    public Storage of(Database database) throws BackupFault {
        List<Location> locations = new ArrayList<>();
        for (String name : database.locations()) {
            locations.add(places.named(name)
                    .orElseThrow(() -> new BackupFault(
                            FailureReason.STORAGE_FAILED,
                            "there is no location '%s' in this service".formatted(name))));
        }
        return new Storage(
                locations,
                Math.min(database.keeping().needed(), locations.size()),
                database.keeping().compression(),
                master(),
                places.keyring(),
                pace,
                places.all());
    }

    private @Nullable MasterKey master() throws BackupFault {
        try {
            return places.master();
        } catch (IllegalArgumentException e) {
            throw new BackupFault(FailureReason.KEY_MISSING, e.getMessage(), e);
        }
    }
}
