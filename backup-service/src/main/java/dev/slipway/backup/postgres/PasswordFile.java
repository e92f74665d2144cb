package dev.slipway.backup.postgres;

import dev.slipway.backup.engine.Access;
import dev.slipway.backup.program.PrivateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;

/// The password for one client program, as libpq reads it.
final class PasswordFile {
    private static final String PREFIX = "pgpass-";

    private PasswordFile() {}

    static PrivateFile write(Path folder, UUID run, Access access) throws IOException {
        // libpq's own escapes; host, port, database and user need none when any will do.
        String password = access.password().replace("\\", "\\\\").replace(":", "\\:");
        return PrivateFile.write(folder, PREFIX, run, "", "*:*:*:*:" + password + "\n");
    }

    /// Removes what a killed run left.
    static void removeLeftovers(Path folder, UUID run) throws IOException {
        PrivateFile.removeLeftovers(folder, PREFIX, run);
    }
}
