package dev.slipway.backup.mariadb;

import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.mariadb.DumpClient.Release;
import dev.slipway.backup.program.ClientProcess;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The client programs of this machine for MariaDB and MySQL.
///
/// Each maker's server is dumped by its own programs, and by none that is older than the server: the oldest one that is
/// new enough is the right one.
public final class DumpClients {
    private static final Pattern MARIADB = Pattern.compile("(\\d+\\.\\d+\\.\\d+)-MariaDB");
    private static final Pattern MYSQL = Pattern.compile("(?:Distrib|Ver) (\\d+\\.\\d+\\.\\d+)");
    private static final List<List<String>> PAIRS =
            List.of(List.of("mariadb-dump", "mariadb"), List.of("mysqldump", "mysql"));
    private static final Duration ASKING = Duration.ofSeconds(10);

    private final List<Path> folders;

    /// @param folders where to look, the first of two equal versions wins
    public DumpClients(List<Path> folders) {
        this.folders = List.copyOf(folders);
    }

    /// Looks in `first`, then on `PATH`.
    public static DumpClients ofThisMachine(Collection<Path> first, String path) {
        List<Path> folders = new ArrayList<>(first);
        Stream.of(path.split(File.pathSeparator))
                .filter(part -> !part.isBlank())
                .map(Path::of)
                .forEach(folders::add);
        return new DumpClients(folders);
    }

    /// The programs for a server.
    ///
    /// @param mariadb whose server it is: else MySQL's
    /// @throws BackupFault `client-missing`, with the package to install
    DumpClient forServer(boolean mariadb, Release server) throws BackupFault, InterruptedException {
        List<DumpClient> installed = installed();
        return installed.stream()
                .filter(client ->
                        client.mariadb() == mariadb && client.release().compareTo(server) >= 0)
                .min(Comparator.comparing(DumpClient::release))
                .orElseThrow(() -> new BackupFault(
                        FailureReason.CLIENT_MISSING,
                        "the server is %s %s and the program that dumps it must be as well, and not be older: %s; install the package %s of version %s or newer"
                                .formatted(
                                        maker(mariadb),
                                        server,
                                        found(installed),
                                        mariadb ? "mariadb-client" : "mysql-client",
                                        server)));
    }

    private static String maker(boolean mariadb) {
        return mariadb ? "MariaDB" : "MySQL";
    }

    private static String found(Collection<DumpClient> installed) {
        return installed.isEmpty()
                ? "neither mariadb-dump nor mysqldump is installed"
                : installed.stream()
                        .map(client -> "%s %s (%s)".formatted(maker(client.mariadb()), client.version(), client.dump()))
                        .collect(Collectors.joining(", ", "found only ", ""));
    }

    private List<DumpClient> installed() throws InterruptedException {
        List<DumpClient> found = new ArrayList<>();
        for (Path folder : folders) {
            for (List<String> pair : PAIRS) {
                Path dump = folder.resolve(pair.getFirst());
                Path restore = folder.resolve(pair.getLast());
                if (Files.isExecutable(dump) && Files.isExecutable(restore)) {
                    client(dump, restore).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    private static Optional<DumpClient> client(Path dump, Path restore) throws InterruptedException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            ClientProcess.run(
                    ClientProcess.Call.of(List.of(dump.toString(), "--version"), Map.of("LC_ALL", "C"), ASKING)
                            .into(answer));
        } catch (IOException _) {
            return Optional.empty();
        }
        String told = answer.toString(StandardCharsets.UTF_8);
        Matcher mariadb = MARIADB.matcher(told);
        Matcher mysql = MYSQL.matcher(told);
        if (mariadb.find()) {
            return Optional.of(of(dump, restore, true, mariadb.group(1)));
        }
        return mysql.find() ? Optional.of(of(dump, restore, false, mysql.group(1))) : Optional.empty();
    }

    private static DumpClient of(Path dump, Path restore, boolean mariadb, String version) {
        return new DumpClient(dump, restore, mariadb, Release.of(version), version);
    }
}
