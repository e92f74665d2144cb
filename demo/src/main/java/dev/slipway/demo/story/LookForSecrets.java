package dev.slipway.demo.story;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.suite.SuiteOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Looks for every secret of a stage in whatever the services let out or keep: files and logs, their databases, what
/// they answer, their thread dumps, the arguments of all processes of the machine.
final class LookForSecrets {
    private static final String APPLICATION = "{application}";

    private final Stage stage;
    private final Leavings leavings;
    private final SecretSearch search;
    private final List<String> found = new ArrayList<>();

    LookForSecrets(Stage stage, Leavings leavings) throws IOException {
        this.stage = stage;
        this.leavings = leavings;
        this.search = new SecretSearch(stage.secrets());
    }

    /// @return where which secret stands, nothing when all is well
    /// @throws StoryFailure when one of the places could not be looked at
    List<String> look() throws IOException, SQLException, InterruptedException {
        for (Path file : leavings.files(stage.suite().logs(), stage.site().logs())) {
            look(file.toString(), Files.readAllBytes(file));
        }
        databases();
        for (String service : SuiteOptions.SERVICES) {
            answers(service);
        }
        threads();
        arguments();
        return found;
    }

    private void look(String place, byte[] text) {
        Set<String> names = search.in(text);
        if (!names.isEmpty()) {
            found.add("%s in %s".formatted(String.join(", ", names), place));
        }
    }

    private void look(String place, String text) {
        look(place, text.getBytes(StandardCharsets.UTF_8));
    }

    /// Every row of every table, as PostgreSQL writes it: bytes in hexadecimal.
    private void databases() throws SQLException {
        for (String database : names("postgres", "select datname from pg_database where datname like 'slipway\\_%'")) {
            try (Connection connection = stage.suite().postgres().connect(database)) {
                List<String> tables = names(connection, """
                        select format('%I.%I', schemaname, tablename) from pg_tables
                        where schemaname not in ('pg_catalog', 'information_schema')""");
                require(tables.size() > 3, database + " has no tables");
                for (String table : tables) {
                    for (String row : names(connection, "select cast(t as text) from " + table + " t")) {
                        look("the table " + table + " of " + database, row);
                    }
                }
            }
        }
    }

    private List<String> names(String database, String query) throws SQLException {
        try (Connection connection = stage.suite().postgres().connect(database)) {
            return names(connection, query);
        }
    }

    private static List<String> names(Connection connection, String query) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    /// Everything that can be read without knowing an id, as the service's own OpenAPI document lists it.
    private void answers(String service) {
        URI url = stage.suite().url(service);
        String token = stage.people().operator().secret();
        var http = new Http();
        JsonNode paths =
                http.get(url.resolve("/q/openapi?format=json"), token).body().path("paths");
        List<String> readable = new ArrayList<>(List.of("/q/metrics", "/q/health"));
        for (Map.Entry<String, JsonNode> path : paths.properties()) {
            String filled = path.getKey().replace(APPLICATION, Services.SHOP);
            if (path.getValue().has("get") && !filled.contains("{")) {
                readable.add(filled);
            }
        }
        require(readable.size() > 3, service + " shows nothing");
        for (String path : readable) {
            look(service + path, http.text(url.resolve(path), token));
        }
    }

    private void threads() throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        List<ProcessHandle> machines = ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("/java"))
                .toList();
        require(machines.size() >= SuiteOptions.SERVICES.size(), "the services' processes are not found");
        for (ProcessHandle machine : machines) {
            Process dump = new ProcessBuilder(jcmd.toString(), Long.toString(machine.pid()), "Thread.print", "-l")
                    .redirectErrorStream(true)
                    .start();
            String threads = new String(dump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            require(
                    dump.waitFor(20, TimeUnit.SECONDS) && threads.contains("Full thread dump"),
                    "no thread dump of process " + machine.pid());
            look("the thread dump of process " + machine.pid(), threads);
        }
    }

    private void arguments() throws IOException {
        int seen = 0;
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : processes
                    .filter(path -> path.getFileName().toString().matches("\\d+"))
                    .toList()) {
                try {
                    look(
                            "the arguments of process " + process.getFileName(),
                            Files.readAllBytes(process.resolve("cmdline")));
                    seen++;
                } catch (IOException _) {
                    // It has ended, or is somebody else's.
                }
            }
        }
        require(seen > SuiteOptions.SERVICES.size(), "the arguments of processes cannot be read");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new StoryFailure("secrets were not looked for: " + otherwise);
        }
    }
}
