package dev.slipway.backup.capture;

import dev.slipway.backup.catalogue.BackupFiles;
import dev.slipway.backup.catalogue.ManifestFile;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.storage.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a lost worker of a backup left in the locations.
final class Leftover {
    private Leftover() {}

    /// What a lost worker finished, wherever it did; anything less is removed.
    static Optional<Archive> finished(Backup backup, Storage storage) throws BackupFault {
        Archive found = null;
        List<String> have = new ArrayList<>();
        for (BackupFiles files : BackupFiles.in(storage.locations(), backup.database(), backup.id())) {
            Optional<ManifestFile> manifest = files.finished(storage.keys());
            if (manifest.isPresent()
                    && (found == null || manifest.get().archive().sha256().equals(found.sha256()))) {
                found = manifest.get().archive();
                have.add(files.location().name());
            } else {
                remove(files);
            }
        }
        if (found == null || have.size() >= storage.needed()) {
            return Optional.ofNullable(found).map(archive -> archive.in(have));
        }
        // Too few got their manifest: what they have is no backup.
        for (BackupFiles files : BackupFiles.in(storage.locations(), backup.database(), backup.id())) {
            remove(files);
        }
        return Optional.empty();
    }

    private static void remove(BackupFiles files) throws BackupFault {
        try {
            files.remove();
        } catch (LocationFault e) {
            throw e.asBackupFault();
        }
    }
}
