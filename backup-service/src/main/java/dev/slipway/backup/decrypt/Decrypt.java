package dev.slipway.backup.decrypt;

import dev.slipway.backup.stream.Compression;
import dev.slipway.backup.vault.Keyring;
import dev.slipway.backup.vault.MasterKey;
import dev.slipway.backup.vault.SealHeader;
import dev.slipway.backup.vault.SealedInput;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Opens a sealed backup without the service: all it takes is the file and the master key.
///
/// The result appears under its name when every frame of the file proved to be what was written, and not before. Exit
/// codes: 0 done, 1 the file cannot be opened, 2 the command was not understood.
public final class Decrypt {
    private static final String USAGE = """
            usage: ./slipway decrypt FILE (--key-file KEYFILE | --key-env VARIABLE) --out RESULT [--keep-compressed]
                   ./slipway decrypt FILE --info

              FILE               a sealed backup; - reads it from standard input
              --key-file         a file with the master key: 32 bytes in Base64 or hexadecimal
              --key-env          a variable of the environment with it
              --out              where to write what is inside; - writes to standard output
              --keep-compressed  leaves what is inside as it was compressed
              --info             tells what the file says of itself, without a key
            """;

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;

    Decrypt(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.environment = environment;
    }

    public static void main(String[] args) {
        System.exit(new Decrypt(System.in, System.out, System.err, System.getenv()).run(args));
    }

    int run(String... args) {
        try {
            Wish wish = Wish.of(args);
            return wish.info() ? tell(wish) : open(wish);
        } catch (IllegalArgumentException e) {
            err.println("decrypt: " + e.getMessage());
            err.print(USAGE);
            return 2;
        } catch (IOException e) {
            err.println("decrypt: " + e.getMessage());
            return 1;
        }
    }

    /// @param key null when only the header is wanted
    private record Wish(
            String file,
            @Nullable String keyFile,
            @Nullable String keyVariable,
            @Nullable String result,
            boolean keepCompressed,
            boolean info) {
        static Wish of(String... args) {
            String file = null;
            String keyFile = null;
            String keyVariable = null;
            String result = null;
            boolean keepCompressed = false;
            boolean info = false;
            for (int i = 0; i < args.length; i++) {
                switch (args[i]) {
                    case "--key-file" -> keyFile = after(args, i++);
                    case "--key-env" -> keyVariable = after(args, i++);
                    case "--out" -> result = after(args, i++);
                    case "--keep-compressed" -> keepCompressed = true;
                    case "--info" -> info = true;
                    default -> {
                        if (file != null || args[i].startsWith("--")) {
                            throw new IllegalArgumentException("what is '%s'?".formatted(args[i]));
                        }
                        file = args[i];
                    }
                }
            }
            if (file == null) {
                throw new IllegalArgumentException("which file?");
            }
            if (!info && (keyFile == null) == (keyVariable == null)) {
                throw new IllegalArgumentException("give the master key by --key-file or by --key-env");
            }
            if (!info && result == null) {
                throw new IllegalArgumentException("where to? --out names the result");
            }
            return new Wish(file, keyFile, keyVariable, result, keepCompressed, info);
        }

        private static String after(String[] args, int option) {
            if (option + 1 == args.length) {
                throw new IllegalArgumentException("%s needs a value".formatted(args[option]));
            }
            return args[option + 1];
        }
    }

    private int tell(Wish wish) throws IOException {
        try (InputStream from = from(wish.file())) {
            SealHeader header = SealHeader.read(from);
            out.printf("backup      %s%n", header.backup());
            out.printf("content     %s%n", header.content());
            out.printf("compression %s%n", header.compression());
            out.printf("cipher      %s%n", header.cipher());
            out.printf("master key  %s%n", header.key().name());
            return 0;
        }
    }

    private int open(Wish wish) throws IOException {
        MasterKey key = MasterKey.of("given", keyText(wish));
        try (SealedInput sealed = SealedInput.open(from(wish.file()), Keyring.ofOne(key))) {
            Compression compression = wish.keepCompressed()
                    ? Compression.NONE
                    : Compression.ofLabel(sealed.header().compression());
            InputStream inside = compression.from(sealed);
            if ("-".equals(wish.result())) {
                inside.transferTo(out);
                out.flush();
            } else {
                write(inside, Path.of(wish.result()));
            }
            // What is compressed may end before its file does.
            sealed.transferTo(OutputStream.nullOutputStream());
            err.printf(
                    "decrypt: backup %s, %s, %d frames%n",
                    sealed.header().backup(), sealed.header().content(), sealed.frames());
            return out.checkError() ? 1 : 0;
        }
    }

    private String keyText(Wish wish) throws IOException {
        if (wish.keyFile() != null) {
            return Files.readString(Path.of(wish.keyFile()));
        }
        String text = environment.get(wish.keyVariable());
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException("the variable %s has no value".formatted(wish.keyVariable()));
        }
        return text;
    }

    private InputStream from(String file) throws IOException {
        return new BufferedInputStream("-".equals(file) ? in : Files.newInputStream(Path.of(file)), 128 * 1024);
    }

    private static void write(InputStream inside, Path result) throws IOException {
        Path part = result.resolveSibling(result.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            try (FileChannel channel = FileChannel.open(
                    part,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                inside.transferTo(Channels.newOutputStream(channel));
                channel.force(true);
            }
            Files.move(part, result, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
