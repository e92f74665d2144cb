package dev.slipway.backup.storage;

import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.stream.Pace;
import dev.slipway.backup.vault.Keyring;
import dev.slipway.backup.vault.MasterKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the backups of one database are kept.
///
/// @param locations all that are to have each backup
/// @param needed in how many of them it has to be to count
/// @param method how it is made smaller
/// @param master what new backups are sealed under; null when they are not sealed
/// @param keys what older ones may have been sealed under
/// @param known every location of this service: older backups may lie in others
public record Storage(
        List<Location> locations,
        int needed,
        Method method,
        @Nullable MasterKey master,
        Keyring keys,
        Pace pace,
        List<Location> known) {
    public Storage {
        locations = List.copyOf(locations);
        known = List.copyOf(known);
        if (needed < 1 || needed > locations.size()) {
            throw new IllegalArgumentException("%d of %d locations".formatted(needed, locations.size()));
        }
    }

    /// How backups are made smaller.
    public enum Method {
        /// Fast and small.
        ZSTD,
        /// As the database's own tools write and read it.
        GZIP
    }

    /// The location of that name.
    ///
    /// @throws BackupFault when there is none any more
    public Location named(String name) throws BackupFault {
        return known.stream()
                .filter(location -> location.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BackupFault(
                        FailureReason.STORAGE_FAILED, "there is no location '%s' in this service".formatted(name)));
    }
}
