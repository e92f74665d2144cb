package dev.slipway.backup.storage;

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
public record Storage(
        List<Location> locations,
        int needed,
        Method method,
        @Nullable MasterKey master,
        Keyring keys,
        Pace pace) {
    public Storage {
        locations = List.copyOf(locations);
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

    /// The location of that name. @throws IllegalArgumentException when it is not one of these
    public Location named(String name) {
        return locations.stream()
                .filter(location -> location.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no location '%s'".formatted(name)));
    }
}
