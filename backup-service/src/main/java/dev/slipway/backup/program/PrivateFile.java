package dev.slipway.backup.program;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/// What one client program is told without others seeing it, in a file only this user may read: the arguments and often
/// the environment of a process are open to others. It goes with its program.
public final class PrivateFile implements AutoCloseable {
    private final Path path;

    private PrivateFile(Path path) {
        this.path = path;
    }

    /// @param prefix says which program's it is
    public static PrivateFile write(Path folder, String prefix, UUID run, String suffix, String content)
            throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path path = Files.createTempFile(
                folder,
                prefix + run + "-",
                suffix,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(path, content);
        return new PrivateFile(path);
    }

    /// Removes what a killed run left.
    public static void removeLeftovers(Path folder, String prefix, UUID run) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, prefix + run + "-*")) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        }
    }

    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }
}
