package dev.slipway.backup.capture;

import dev.slipway.backup.SourceDatabase;
import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.ServerKind;
import dev.slipway.backup.location.DiskLocation;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.mariadb.ShopOnMariadb;
import dev.slipway.backup.request.BackupBench;
import java.nio.file.Path;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/// The service's work as a process of its own, to be killed.
final class KilledService {
    /// No point to halt at: somebody kills it.
    static final String NOWHERE = "-";

    private KilledService() {}

    /// @param arguments kill point, the service's database (URL, user, password), the source (port, name), the folder,
    ///     the source's kind
    public static void main(String... arguments) {
        ServerKind kind = ServerKind.valueOf(arguments[7]);
        Access access = new Access(
                kind,
                "localhost",
                Integer.parseInt(arguments[4]),
                arguments[5],
                SourceDatabase.ROLE,
                kind == ServerKind.POSTGRESQL ? SourceDatabase.PASSWORD : ShopOnMariadb.PASSWORD);
        Path folder = Path.of(arguments[6]);
        Jdbi jdbi = Jdbi.create(arguments[1], arguments[2], arguments[3]);
        List<Location> locations = arguments[0].equals(NOWHERE)
                ? locations(folder)
                : KillPoint.valueOf(arguments[0]).haltIn(locations(folder));
        new BackupBench(new SourceDatabase(access, jdbi), access, folder, jdbi, locations).work();
    }

    static List<Location> locations(Path folder) {
        return List.of(
                new DiskLocation("disk", folder.resolve("disk")), new DiskLocation("second", folder.resolve("second")));
    }
}
