package dev.slipway.backup.proof;

import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.location.Item;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.storage.Storage;
import dev.slipway.backup.stream.Unpacked;
import dev.slipway.backup.vault.Keyring;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// The copies of one stored archive.
///
/// @param locations that are said to have it, the first to be read first
/// @param keys what it may be sealed under
public record Copies(UUID backup, Archive archive, Item item, List<Location> locations, Keyring keys) {
    public Copies {
        locations = List.copyOf(locations);
    }

    /// Where the archive says it lies.
    ///
    /// @throws BackupFault when one of the locations is not known any more
    public static Copies of(UUID backup, DatabaseKey database, Archive archive, Storage storage) throws BackupFault {
        List<Location> locations = new ArrayList<>();
        for (String name : archive.locations()) {
            locations.add(storage.named(name));
        }
        return new Copies(
                backup, archive, new Item(database, backup, archive.packing().file()), locations, storage.keys());
    }

    public List<String> names() {
        return locations.stream().map(Location::name).toList();
    }

    /// What the dump program wrote, from one copy.
    public Unpacked open(Location location) throws IOException {
        return Unpacked.of(location.open(item), archive.packing(), keys);
    }

    /// What the dump program wrote, from the first copy that can be opened.
    ///
    /// @throws BackupFault why the first could not, when none can
    public Unpacked open() throws BackupFault {
        List<BackupFault> faults = new ArrayList<>();
        for (Location location : locations) {
            try {
                return open(location);
            } catch (IOException e) {
                faults.add(Readback.fault(e, "location " + location.name()));
            }
        }
        throw faults.getFirst();
    }
}
