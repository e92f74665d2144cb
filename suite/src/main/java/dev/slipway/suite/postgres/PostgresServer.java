package dev.slipway.suite.postgres;

import dev.slipway.suite.process.Deadline;
import dev.slipway.suite.process.Processes;
import dev.slipway.suite.process.Program;
import dev.slipway.suite.process.Signal;
import dev.slipway.suite.process.TcpPort;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A real PostgreSQL server from the binaries that come as a Maven artifact, with its data kept, every write synced to
/// disk, and passwords asked for from the first moment (scram-sha-256, loopback only, no socket file).
public final class PostgresServer implements Program {
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(60);
    private static final Duration LEFTOVER_STOPS_WITHIN = Duration.ofSeconds(15);

    /// The library holds this for as long as the object of the last start lives, also when its server has died. What
    /// really keeps a second launcher away is the lock of the data folder.
    private static final String LIBRARY_LOCK = "epg-lock";

    private final Path folder;
    private final Path binaries;
    private final Path log;
    private final int port;
    private final String password;
    private volatile EmbeddedPostgres running;

    /// @param folder the server's data
    /// @param binaries where the server's programs are unpacked, once for all suites; nobody else may write there
    /// @param password the superuser's; fixed when the data is made
    public PostgresServer(Path folder, Path binaries, Path log, int port, String password) {
        this.folder = folder;
        this.binaries = binaries;
        this.log = log;
        this.port = port;
        this.password = password;
    }

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public Path log() {
        return log;
    }

    public Postgres admin() {
        return new Postgres(port, password);
    }

    /// Creates the databases and roles that are missing.
    public void create(Collection<ServiceDatabase> databases) throws SQLException {
        for (ServiceDatabase database : databases) {
            database.create(admin());
        }
    }

    @Override
    public ProcessHandle start() throws IOException {
        stopLeftover(folder);
        TcpPort.requireFree(port);
        Files.deleteIfExists(folder.resolve(LIBRARY_LOCK));
        Path passwordFile = writePassword();
        try {
            running = EmbeddedPostgres.builder()
                    .setDataDirectory(folder)
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setOverrideWorkingDirectory(binaries.toFile())
                    .setPGStartupWait(STARTS_WITHIN)
                    .setPort(port)
                    .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .setConnectConfig("password", password)
                    // These three go to initdb as they are and win over the trust that is the library's default.
                    .setLocaleConfig("auth", "scram-sha-256")
                    .setLocaleConfig("pwfile", passwordFile.toString())
                    .setLocaleConfig("locale", "C")
                    // The library is made for tests and does without durability; here the data is meant to last.
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("listen_addresses", Postgres.HOST)
                    .setServerConfig("unix_socket_directories", "''")
                    .start();
        } catch (IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            Files.deleteIfExists(passwordFile);
        }
        return postmaster(folder).orElseThrow(() -> new IOException("it ended right after its start"));
    }

    @Override
    public boolean ready() {
        try (Connection connection = admin().connect("postgres")) {
            return connection.isValid(2);
        } catch (SQLException _) {
            return false;
        }
    }

    /// A fast shutdown: open transactions are rolled back, nothing that was committed is lost.
    @Override
    public void stop(ProcessHandle process) {
        try {
            running.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// One process per client besides the first.
    @Override
    public List<ProcessHandle> processes(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants()).toList();
    }

    @Override
    public String ending() {
        return "its postmaster ended";
    }

    /// Stops a server on these data that an earlier launcher left running.
    ///
    /// The server itself refuses to start while its pid file names any process at all, be it a stranger that got
    /// the pid or the killed server that nobody collected. Such a file is cleared once no process of the old server
    /// is at the data any more; one that names nobody is left to the server, which makes sure of the same.
    ///
    /// @throws IOException when processes of a killed server stay at the data: a second server would destroy them
    public static void stopLeftover(Path folder) throws IOException {
        Optional<ProcessHandle> named = namedInPidFile(folder);
        if (named.isEmpty()) {
            return;
        }
        ProcessHandle process = named.get();
        if (serves(process, folder)) {
            stopFast(process);
            return;
        }
        if (!Deadline.in(LEFTOVER_STOPS_WITHIN).await(() -> nobodyIsAt(folder))) {
            throw new IOException("processes of a killed server are still at " + folder);
        }
        Files.deleteIfExists(pidFile(folder));
    }

    private static void stopFast(ProcessHandle process) throws IOException {
        Signal.CONTINUE.send(
                Stream.concat(Stream.of(process), process.descendants()).toList());
        // The fast shutdown; the signal 15 of ProcessHandle waits for every client to go.
        Signal.INTERRUPT.send(process);
        if (!Deadline.in(LEFTOVER_STOPS_WITHIN).await(() -> !Processes.lives(process))) {
            process.destroyForcibly();
            Deadline.in(LEFTOVER_STOPS_WITHIN).await(() -> !Processes.lives(process));
        }
    }

    private static Optional<ProcessHandle> postmaster(Path folder) throws IOException {
        return namedInPidFile(folder).filter(process -> serves(process, folder));
    }

    private static Optional<ProcessHandle> namedInPidFile(Path folder) throws IOException {
        if (!Files.exists(pidFile(folder))) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(pidFile(folder), StandardCharsets.UTF_8);
        if (lines.isEmpty() || !lines.getFirst().strip().matches("\\d{1,18}")) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()));
    }

    /// Pids are used again, also by other database servers: the program and its data must be right too.
    private static boolean serves(ProcessHandle process, Path folder) {
        ProcessHandle.Info info = process.info();
        return Processes.lives(process)
                && info.command().orElse("").endsWith("/postgres")
                && List.of(info.arguments().orElse(new String[0])).contains(folder.toString());
    }

    /// Every process of a server works in the folder of its data.
    private static boolean nobodyIsAt(Path folder) {
        return ProcessHandle.allProcesses()
                .filter(Processes::lives)
                .noneMatch(process -> Processes.workingFolder(process).equals(Optional.of(folder)));
    }

    private static Path pidFile(Path folder) {
        return folder.resolve("postmaster.pid");
    }

    private Path writePassword() throws IOException {
        Path file = Files.createTempFile(
                folder.toAbsolutePath().getParent(),
                "initdb",
                ".pw",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, password + "\n");
    }
}
