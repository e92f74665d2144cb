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

    /// How a backup is taken, by the manifest it is taken by.
    ///
    /// @throws BackupFault `key-missing` when it is to be sealed and cannot be
    public Storage taking(Backup backup) throws BackupFault {
        return of(backup, master());
    }

    /// How a backup is kept: for whoever reads it, copies it or removes it, which takes no key to seal with.
    public Storage of(Backup backup) throws BackupFault {
        return of(backup, null);
    }

    /// A location by its name, whatever any manifest says by now.
    public Location named(String name) throws BackupFault {
        return places.named(name)
                .orElseThrow(() -> new BackupFault(
                        FailureReason.STORAGE_FAILED, "there is no location '%s' in this service".formatted(name)));
    }

    private Storage of(Backup backup, @Nullable MasterKey master) throws BackupFault {
        Database database = databases
                .in(backup.database(), backup.manifest())
                .orElseThrow(() -> new BackupFault(
                        FailureReason.UNKNOWN_DATABASE,
                        "the manifest has no database '%s'"
                                .formatted(backup.database().name())))
                .database();
        List<Location> locations = new ArrayList<>();
        for (String name : database.locations()) {
            locations.add(named(name));
        }
        return new Storage(
                locations,
                Math.min(database.keeping().needed(), locations.size()),
                database.keeping().compression(),
                master,
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
