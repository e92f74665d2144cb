package dev.slipway.backup;

import dev.slipway.backup.capture.CaptureBackup;
import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Engines;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.location.DiskLocation;
import dev.slipway.backup.location.Item;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.manifest.LocationNames;
import dev.slipway.backup.mariadb.DumpClients;
import dev.slipway.backup.mariadb.MariadbEngine;
import dev.slipway.backup.mariadb.MariadbPrograms;
import dev.slipway.backup.postgres.PgClients;
import dev.slipway.backup.postgres.PostgresEngine;
import dev.slipway.backup.postgres.PostgresPrograms;
import dev.slipway.backup.proof.Copies;
import dev.slipway.backup.storage.Storage;
import dev.slipway.backup.stream.Pace;
import dev.slipway.backup.vault.Keyring;
import dev.slipway.backup.vault.MasterKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Folders to keep backups in, and what lies there.
public record Shelf(Path root, Storage storage) {
    public static final DatabaseKey SHOP = new DatabaseKey("shop", "orders");
    public static final LocationNames NAMES = new LocationNames(Set.of("disk", "second"));
    public static final Pace PACE = new Pace(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(20));
    public static final MasterKey MASTER = MasterKey.of("first", "00112233445566778899aabbccddeeff".repeat(2));

    /// One location `disk`, not sealed, small.
    public static Shelf in(Path root) {
        return of(root, List.of(disk(root)), 1, Storage.Method.ZSTD, null);
    }

    public static Shelf of(
            Path root, List<Location> locations, int needed, Storage.Method method, @Nullable MasterKey master) {
        Keyring keys = name -> {
            if (master == null || !name.equals(master.name())) {
                throw Keyring.missing(name);
            }
            return master;
        };
        return new Shelf(root, new Storage(locations, needed, method, master, keys, PACE, locations));
    }

    public static DiskLocation disk(Path root) {
        return new DiskLocation(DiskLocation.DISK, root);
    }

    /// Sealed under [#MASTER].
    public Shelf sealed() {
        return of(root, storage.locations(), storage.needed(), storage.method(), MASTER);
    }

    public Shelf by(Storage.Method method) {
        return of(root, storage.locations(), storage.needed(), method, storage.master());
    }

    /// The same with other keys at hand.
    public Shelf with(Keyring keys) {
        return new Shelf(
                root,
                new Storage(
                        storage.locations(),
                        storage.needed(),
                        storage.method(),
                        storage.master(),
                        keys,
                        storage.pace(),
                        storage.known()));
    }

    /// Every kind of server, with the client programs of this machine.
    ///
    /// @param run where the passwords of running programs lie
    public static Engines engines(Path run, Clock clock) {
        PgClients clients = PgClients.ofThisMachine(List.of(), System.getenv("PATH"));
        DumpClients dumpClients = DumpClients.ofThisMachine(List.of(), System.getenv("PATH"));
        return new Engines(
                new PostgresEngine(clients, new PostgresPrograms(run), clock),
                new MariadbEngine(dumpClients, new MariadbPrograms(run), clock));
    }

    public CaptureBackup.Order order(UUID backup, Access source, Limits limits) {
        return new CaptureBackup.Order(backup, 1, SHOP, "postgresql://shop", source, storage, limits);
    }

    public Copies copies(UUID backup, Archive archive) throws BackupFault {
        return Copies.of(backup, SHOP, archive, storage);
    }

    /// Where an archive lies in the location `disk`.
    public Path archive(UUID backup, Archive archive) {
        return folder(backup).resolve(archive.packing().file());
    }

    public Path folder(UUID backup) {
        return root.resolve(Item.folder(SHOP, backup));
    }

    /// Every file below the root, by its path there.
    public List<String> everything() {
        return everything(root);
    }

    public static List<String> everything(Path root) {
        // A draft may be renamed or removed while one looks.
        try (Stream<Path> files = Files.walk(root)) {
            List<String> names = new ArrayList<>();
            files.filter(Files::isRegularFile)
                    .forEach(file -> names.add(root.relativize(file).toString()));
            names.sort(null);
            return names;
        } catch (IOException | java.io.UncheckedIOException _) {
            return everything(root);
        }
    }
}
