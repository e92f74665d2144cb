package dev.slipway.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/// The passwords and tokens of one data folder: one file each, readable by the owner alone.
final class Secrets {
    private static final int BYTES = 24;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path folder;

    Secrets(Path folder) {
        this.folder = folder;
    }

    /// Letters, digits, `-` and `_`: may stand in SQL, YAML and a URL as it is.
    static String random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    Optional<String> read(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
    }

    /// The secret of that name; made the first time it is asked for.
    String of(String name) throws IOException {
        Optional<String> known = read(name);
        return known.isPresent() ? known.get() : write(name, random());
    }

    String write(String name, String secret) throws IOException {
        Path next = Files.createTempFile(folder, name, ".next", OWNER_ONLY);
        Files.writeString(next, secret + "\n");
        Files.move(next, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        return secret;
    }
}
