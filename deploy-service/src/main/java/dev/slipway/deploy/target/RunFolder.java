package dev.slipway.deploy.target;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// The folder of one run, readable by this user alone. `run.sh` writes it, the service reads it.
record RunFolder(Path path) {
    private static final int MOST_TRIES = 10;

    /// Whoever clears away may remove an empty folder above it meanwhile, also in another replica.
    void create() throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                createFolders();
                return;
            } catch (NoSuchFileException e) {
                if (tries == MOST_TRIES) {
                    throw e;
                }
            }
        }
    }

    private void createFolders() throws IOException {
        Files.createDirectories(
                path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createDirectories(work());
    }

    /// Where the command starts.
    Path work() {
        return path.resolve("work");
    }

    Path output() {
        return path.resolve("output");
    }

    Path answer() {
        return path.resolve("answer");
    }

    /// Empty while no wrapper has taken the run.
    Optional<ScriptProcess> process() {
        return ScriptProcess.read(path.resolve("process"));
    }

    /// Whether some wrapper took the run, even if a crash of the machine left nothing readable of it.
    boolean taken() {
        return Files.exists(path.resolve("process"));
    }

    /// Empty while the command runs. A file that is there but unreadable (a crash of the machine) is no exit code
    /// either.
    OptionalInt exitCode() {
        try {
            return OptionalInt.of(Integer.parseInt(Files.readString(exit()).strip()));
        } catch (IOException | NumberFormatException _) {
            return OptionalInt.empty();
        }
    }

    /// How long the command ran. Only of a run with an exit code.
    Duration took() {
        try {
            return Duration.between(
                    Files.getLastModifiedTime(path.resolve("process")).toInstant(),
                    Files.getLastModifiedTime(exit()).toInstant());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether nothing happened here since a moment, and nothing can any more.
    boolean quietSince(Instant moment) {
        boolean running =
                process().filter(process -> !process.session().isEmpty()).isPresent();
        return !running
                && Stream.of(path, output(), answer(), exit())
                        .map(RunFolder::touched)
                        .allMatch(touched -> touched.isBefore(moment));
    }

    private static Instant touched(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException _) {
            return Instant.MIN;
        }
    }

    /// Takes in what was written to a file since a position.
    ///
    /// @return the new position; that of an empty file when there is none yet, or when it was cut
    static long drain(Path file, long from, ScriptOutput into) {
        try (FileChannel channel = FileChannel.open(file)) {
            channel.position(Math.min(from, channel.size()));
            InputStream in = Channels.newInputStream(channel);
            byte[] buffer = new byte[8_192];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                into.append(buffer, read);
            }
            return channel.position();
        } catch (NoSuchFileException _) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Empties a file its writer appends to: the next line starts it anew.
    static void cut(Path file) {
        rewrite(file, List.of());
    }

    /// Replaces the content in place, because something the command left behind may still hold the file open.
    static void rewrite(Path file, List<String> lines) {
        try {
            Files.write(
                    file,
                    lines,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Deletes a folder when nothing is in it: what begins in it at this moment stays.
    static void deleteEmpty(Path folder) {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException _) {
            // some run is in it
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void delete() {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (NoSuchFileException _) {
            // never was
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path exit() {
        return path.resolve("exit");
    }
}
