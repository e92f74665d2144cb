package dev.slipway.suite;

import dev.slipway.suite.process.PidFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Everything a suite keeps on disk, under one folder that only its owner may enter and only one launcher may use at a
/// time.
final class DataFolder implements AutoCloseable {
    private static final long LOG_LIMIT = 16L * 1024 * 1024;
    private static final String LOCK = "slipway.lock";
    private static final String SUITE = "suite.pid";

    /// A lock belongs to the whole JVM and is lost when *any* channel of the file is closed, so the second user of a
    /// folder in one JVM has to be refused before it opens one.
    private static final Set<Path> OPEN_HERE = ConcurrentHashMap.newKeySet();

    private final Path root;
    private @Nullable FileChannel channel;

    DataFolder(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    Path root() {
        return root;
    }

    Path kafka() {
        return root.resolve("kafka");
    }

    Path postgres() {
        return root.resolve("postgres");
    }

    Path pids() {
        return root.resolve("pids");
    }

    /// Where the runs of scripts leave their output.
    Path runs() {
        return root.resolve("runs");
    }

    Path backups() {
        return root.resolve("backups");
    }

    /// The folder a program runs in.
    Path work(String program) {
        return root.resolve("work").resolve(program);
    }

    Path logs() {
        return root.resolve("logs");
    }

    Secrets secrets() {
        return new Secrets(root.resolve("secrets"));
    }

    /// Beside the others': the server is stopped in its own way.
    PidFile postgresPidFile() {
        return new PidFile(root.resolve("postgres.pid"));
    }

    PidFile pidFile(String program) {
        return new PidFile(pids().resolve(program + ".pid"));
    }

    /// The launcher that uses this folder now.
    Optional<ProcessHandle> launcher() {
        return new PidFile(root.resolve(SUITE)).living();
    }

    /// Where a program's output goes. A log that has grown large is put aside first, one generation of it.
    Path log(String program) throws IOException {
        Path log = logs().resolve(program + ".log");
        if (Files.exists(log) && Files.size(log) > LOG_LIMIT) {
            Files.move(log, logs().resolve(program + ".log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        return log;
    }

    /// Makes the folder, takes its lock and says who holds it now.
    ///
    /// @throws SuiteFailure when another launcher uses it, or when it holds something that is not a suite's
    void open() throws IOException {
        create(root);
        refuseForeign();
        if (!OPEN_HERE.add(root)) {
            throw inUse();
        }
        channel = FileChannel.open(root.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.tryLock() == null) {
            close();
            throw inUse();
        }
        new PidFile(root.resolve(SUITE)).write(ProcessHandle.current());
        createFolders();
    }

    /// Deletes all that earlier runs kept. Only with the lock held and nothing running on it.
    void clear() throws IOException {
        try (Stream<Path> entries = Files.list(root)) {
            for (Path entry : entries.toList()) {
                if (!List.of(LOCK, SUITE).contains(entry.getFileName().toString())) {
                    delete(entry);
                }
            }
        }
        createFolders();
    }

    @Override
    public void close() throws IOException {
        if (channel != null && channel.isOpen()) {
            if (launcher().filter(ProcessHandle.current()::equals).isPresent()) {
                Files.deleteIfExists(root.resolve(SUITE));
            }
            channel.close();
            OPEN_HERE.remove(root);
        }
    }

    private SuiteFailure inUse() {
        String who = launcher().map(process -> " (pid " + process.pid() + ")").orElse("");
        return new SuiteFailure("a suite runs on " + root + " already" + who + ": ./slipway down stops it");
    }

    private void createFolders() throws IOException {
        for (Path folder : List.of(pids(), logs(), runs(), backups(), root.resolve("secrets"))) {
            create(folder);
        }
    }

    /// `--fresh` deletes what is in the folder: it must be ours.
    private void refuseForeign() throws IOException {
        if (Files.exists(root.resolve(LOCK))) {
            return;
        }
        try (Stream<Path> entries = Files.list(root)) {
            if (entries.findAny().isPresent()) {
                throw new SuiteFailure(root + " holds something else than a suite's data: name an empty folder");
            }
        }
    }

    /// Makes a folder, if need be, that nobody else may enter.
    static Path create(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return folder;
    }

    private static void delete(Path entry) throws IOException {
        try (Stream<Path> tree = Files.walk(entry)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
