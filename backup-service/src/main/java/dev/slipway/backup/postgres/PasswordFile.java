package dev.slipway.backup.postgres;

import dev.slipway.backup.engine.Access;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/// The password for one client program, in a file only this user may read: the arguments and often the
/// environment of a process are open to others.
final class PasswordFile implements AutoCloseable {
    private static final String PREFIX = "pgpass-";

    private final Path path;

    private PasswordFile(Path path) {
        this.path = path;
    }

    static PasswordFile write(Path folder, UUID run, Access access) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path path = Files.createTempFile(
                folder,
                PREFIX + run + "-",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        // libpq's own escapes; host, port, database and user need none when any will do.
        String password = access.password().replace("\\", "\\\\").replace(":", "\\:");
        Files.writeString(path, "*:*:*:*:" + password + "\n");
        return new PasswordFile(path);
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

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }
}
