package dev.slipway.backup.mariadb;

import dev.slipway.backup.engine.Access;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/// How one client program reaches its server, with the password, in a file only this user may read. It is the only one
/// the program reads: `force` in somebody's own settings would turn its errors into success.
final class OptionFile implements AutoCloseable {
    private static final String PREFIX = "mariadb-";

    private final Path path;

    private OptionFile(Path path) {
        this.path = path;
    }

    static OptionFile write(Path folder, UUID run, Access access) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path path = Files.createTempFile(
                folder,
                PREFIX + run + "-",
                ".cnf",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        // TCP by name: for the programs, `localhost` means a socket file.
        Files.writeString(path, """
                [client]
                protocol=tcp
                host=%s
                port=%d
                user=%s
                password=%s
                """.formatted(
                        quoted(access.host()), access.port(), quoted(access.user()), quoted(access.password())));
        return new OptionFile(path);
    }

    /// Removes what a killed run left.
    static void removeLeftovers(Path folder, UUID run) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, PREFIX + run + "-*")) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        }
    }

    /// Has to be the first argument.
    String argument() {
        return "--defaults-file=" + path;
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }
}
