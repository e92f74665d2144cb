package dev.slipway.backup.postgres;

import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.program.ClientProcess;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The client programs of this machine.
///
/// `pg_dump` refuses a server newer than itself, and an archive is best restored by the programs of the server's
/// own major version: the oldest one that is new enough is the right one.
public final class PgClients {
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) ((\\d+)\\S*)");
    private static final Duration ASKING = Duration.ofSeconds(10);

    private final List<Path> folders;

    /// @param folders where to look, the first of two equal versions wins
    public PgClients(List<Path> folders) {
        this.folders = List.copyOf(folders);
    }

    /// Looks in `first`, then where Debian keeps every major version apart, then on `PATH` (`/usr/bin/pg_dump` of
    /// Debian is a script that chooses one of the former).
    public static PgClients ofThisMachine(Collection<Path> first, String path) {
        List<Path> folders = new ArrayList<>(first);
        if (Files.isDirectory(DEBIAN)) {
            try (DirectoryStream<Path> majors = Files.newDirectoryStream(DEBIAN)) {
                majors.forEach(major -> folders.add(major.resolve("bin")));
            } catch (IOException _) {
                // Not readable: PATH is left.
            }
        }
        Stream.of(path.split(File.pathSeparator))
                .filter(part -> !part.isBlank())
                .map(Path::of)
                .forEach(folders::add);
        return new PgClients(folders);
    }

    /// The programs for a server of that major version.
    ///
    /// @throws BackupFault `client-missing`, with the package to install
    public PgClient forServer(int serverMajor) throws BackupFault, InterruptedException {
        Map<Integer, PgClient> installed = installed();
        return installed.values().stream()
                .filter(client -> client.major() >= serverMajor)
                .min(Comparator.comparingInt(PgClient::major))
                .orElseThrow(() -> new BackupFault(
                        FailureReason.CLIENT_MISSING,
                        "the server is PostgreSQL %1$d and pg_dump must not be older: %2$s; install the package postgresql-client-%1$d"
                                .formatted(serverMajor, found(installed.values()))));
    }

    private static String found(Collection<PgClient> installed) {
        return installed.isEmpty()
                ? "no pg_dump with pg_restore is installed"
                : installed.stream()
                        .map(client -> "%s in %s".formatted(client.version(), client.folder()))
                        .collect(Collectors.joining(", ", "found only ", ""));
    }

    private Map<Integer, PgClient> installed() throws InterruptedException {
        Map<Integer, PgClient> byMajor = new TreeMap<>();
        for (Path folder : folders) {
            Path dump = folder.resolve("pg_dump");
            if (Files.isExecutable(dump) && Files.isExecutable(folder.resolve("pg_restore"))) {
                version(dump)
                        .ifPresent(version -> byMajor.putIfAbsent(
                                version.major(), new PgClient(folder, version.major(), version.text())));
            }
        }
        return byMajor;
    }

    private record Version(int major, String text) {}

    private static Optional<Version> version(Path program) throws InterruptedException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            ClientProcess.run(
                    ClientProcess.Call.of(List.of(program.toString(), "--version"), Map.of("LC_ALL", "C"), ASKING)
                            .into(answer));
        } catch (IOException _) {
            return Optional.empty();
        }
        Matcher version = VERSION.matcher(answer.toString(StandardCharsets.UTF_8));
        return version.find()
                ? Optional.of(new Version(Integer.parseInt(version.group(2)), version.group(1)))
                : Optional.empty();
    }
}
