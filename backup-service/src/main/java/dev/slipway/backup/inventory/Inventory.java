package dev.slipway.backup.inventory;

import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.ledger.Details;
import dev.slipway.backup.location.Item;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.Location.Found;
import dev.slipway.backup.location.LocationFault;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;

/// Compares what lies in a location with the catalogue. It looks and tells; nothing is ever removed by it.
@Singleton
public final class Inventory {
    private static final int FILES_AT_ONCE = 1_000;

    private final Jdbi jdbi;
    private final Backups backups;

    public Inventory(Jdbi jdbi, Backups backups) {
        this.jdbi = jdbi;
        this.backups = backups;
    }

    /// What a location holds.
    ///
    /// @param backups with a manifest; @param files all of them
    public record Stock(int backups, int files, long bytes, List<Unknown> unknown) {}

    /// Something nobody here put there, or nobody knows of any more. @param why for people
    public record Unknown(String path, long sizeBytes, Instant modifiedAt, String why) {}

    public Stock look(Location location) throws LocationFault {
        return stock(location.list());
    }

    /// @param found all that lies in a location
    Stock stock(List<Found> found) {
        List<Unknown> unknown = new ArrayList<>();
        int manifests = 0;
        long bytes = 0;
        for (int from = 0; from < found.size(); from += FILES_AT_ONCE) {
            List<Found> some = found.subList(from, Math.min(found.size(), from + FILES_AT_ONCE));
            Map<UUID, Backup> known = known(some);
            for (Found file : some) {
                Optional<Item> item = Item.at(file.path());
                bytes += file.sizeBytes();
                if (item.isPresent() && item.get().file().equals(Item.MANIFEST)) {
                    manifests++;
                }
                why(item, known)
                        .ifPresent(
                                why -> unknown.add(new Unknown(file.path(), file.sizeBytes(), file.modifiedAt(), why)));
            }
        }
        return new Stock(manifests, found.size(), bytes, unknown);
    }

    private Map<UUID, Backup> known(List<Found> files) {
        Set<UUID> ids = files.stream()
                .flatMap(file -> Item.at(file.path()).stream())
                .map(Item::backup)
                .collect(Collectors.toSet());
        return ids.isEmpty()
                ? Map.of()
                : jdbi.withHandle(handle -> backups.find(handle, ids)).stream()
                        .collect(Collectors.toMap(Backup::id, Function.identity()));
    }

    private static Optional<String> why(Optional<Item> lies, Map<UUID, Backup> known) {
        if (lies.isEmpty()) {
            return Optional.of("it has no path of a backup's file");
        }
        Item item = lies.get();
        Backup backup = known.get(item.backup());
        if (backup == null) {
            return Optional.of("the catalogue has no such backup; a rebuild would take it in if it is a good one");
        }
        if (!backup.database().equals(item.database())) {
            return Optional.of("the backup of this id is of " + backup.database());
        }
        return why(item, backup.state());
    }

    private static Optional<String> why(Item item, BackupState state) {
        return switch (state) {
            case BackupState.Pending _, BackupState.Running _ -> Optional.empty();
            case BackupState.Verifying verifying ->
                unless(files(verifying.archive()).contains(item.file()));
            case BackupState.Completed completed ->
                unless(files(completed.archive()).contains(item.file()));
            case BackupState.Failed failed ->
                failed.archive() == null
                        ? Optional.of("the backup failed and keeps nothing")
                        : unless(files(failed.archive()).contains(item.file()) || isSaying(item));
            case BackupState.Cancelled _ ->
                Optional.of("the backup was cancelled; what is left of it is being removed");
            case BackupState.Expired _ -> Optional.of("the backup was let go; it is removed when its time has come");
        };
    }

    /// What says of a backup that it did not stand its proof.
    private static boolean isSaying(Item item) {
        return item.file().equals(Item.UNPROVED);
    }

    private static Optional<String> unless(boolean itsFile) {
        return itsFile ? Optional.empty() : Optional.of("the backup has no such file");
    }

    private static Set<String> files(Archive archive) {
        Details.SmallFile roles = archive.details().roles();
        return roles == null
                ? Set.of(archive.packing().file(), Item.MANIFEST)
                : Set.of(archive.packing().file(), Item.MANIFEST, roles.file());
    }
}
