package dev.slipway.suite.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Where the server's programs are unpacked: the folder every suite of this checkout uses.
final class TestBinaries {
    private TestBinaries() {}

    static Path folder() {
        Path cache = Path.of("../.slipway/cache").toAbsolutePath().normalize();
        try {
            Files.createDirectories(
                    cache, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cache.resolve("postgres");
    }
}
