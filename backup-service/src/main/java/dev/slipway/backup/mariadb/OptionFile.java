package dev.slipway.backup.mariadb;

import dev.slipway.backup.engine.Access;
import dev.slipway.backup.program.PrivateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;

/// How one client program reaches its server, with the password. It is the only file of options the program reads:
/// `force` in somebody's own settings would turn its errors into success.
final class OptionFile implements AutoCloseable {
    private static final String PREFIX = "mariadb-";

    private final PrivateFile file;

    private OptionFile(PrivateFile file) {
        this.file = file;
    }

    static OptionFile write(Path folder, UUID run, Access access) throws IOException {
        // TCP by name: for the programs, `localhost` means a socket file.
        return new OptionFile(PrivateFile.write(folder, PREFIX, run, ".cnf", """
                [client]
                protocol=tcp
                host=%s
                port=%d
                user=%s
                password=%s
                """.formatted(
                        quoted(access.host()), access.port(), quoted(access.user()), quoted(access.password()))));
    }

    /// Removes what a killed run left.
    static void removeLeftovers(Path folder, UUID run) throws IOException {
        PrivateFile.removeLeftovers(folder, PREFIX, run);
    }

    /// Has to be the first argument.
    String argument() {
        return "--defaults-file=" + file.path();
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
