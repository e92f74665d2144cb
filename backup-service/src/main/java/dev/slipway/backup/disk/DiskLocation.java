package dev.slipway.backup.disk;

import dev.slipway.backup.ledger.DatabaseKey;
import java.nio.file.Path;
import java.util.UUID;

/// The location `disk`: a folder of this machine, `<root>/<application>/<database>/<backup>/`.
public final class DiskLocation {
    /// Its name in the manifest and in answers.
    public static final String NAME = "disk";

    private final Path root;

    public DiskLocation(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    /// The folder of a backup, whether it exists or not.
    /// @throws IllegalArgumentException when a name would lead out of the location
    public BackupFolder folder(DatabaseKey database, UUID backup) {
        Path path = root.resolve(database.application())
                .resolve(database.name())
                .resolve(backup.toString())
                .normalize();
        if (!path.startsWith(root) || path.getNameCount() != root.getNameCount() + 3) {
            throw new IllegalArgumentException("no names of folders: " + database);
        }
        return new BackupFolder(root, path, backup, database);
    }
}
