package dev.slipway.trials.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.events.Catalogue;
import dev.slipway.suite.AccessToken;
import dev.slipway.suite.Suite;
import dev.slipway.suite.SuiteFailure;
import dev.slipway.suite.SuiteOptions;
import dev.slipway.suite.process.Deadline;
import dev.slipway.suite.process.PidFile;
import dev.slipway.trials.ProcessMemory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// backup-service as the launcher runs it, asked over HTTP for sealed backups in two locations.
final class CaptureService implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration DONE_WITHIN = Duration.ofMinutes(30);
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(10);

    private final Suite suite;
    private final URI url;
    private final String token;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private CaptureService(Suite suite, String token) {
        this.suite = suite;
        this.url = suite.url(Catalogue.BACKUP);
        this.token = token;
    }

    /// What one backup took, as the service tells it.
    ///
    /// @param capture from its start to the moment at which all of it was safe in both locations
    /// @param drill null when it was not asked for
    /// @param memory what the service's process had at most in mebibytes
    record Figures(Duration capture, Duration readback, Duration drill, long storedBytes, long memory) {}

    static CaptureService start(Path home, Path folder, SourceServer source, String password, Consumer<String> tell)
            throws IOException, InterruptedException {
        AccessToken admin = AccessToken.issue("bench", "admin");
        Files.createDirectories(folder);
        Path locations = Files.writeString(folder.resolve("locations.yaml"), """
                keys:
                  - {name: bench, secret: "${env:SLIPWAY_REF_BENCH_KEY}"}
                locations:
                  - {name: second, type: disk, folder: "%s"}
                """.formatted(folder.resolve("second")));
        Suite suite = Suite.start(SuiteOptions.in(home, folder.resolve("suite"))
                .withFresh(true)
                .withEnvironment(Map.of(
                        "SLIPWAY_REF_BENCH_PASSWORD",
                        password,
                        "SLIPWAY_REF_BENCH_KEY",
                        "5a".repeat(32),
                        "SLIPWAY_BACKUPS_LOCATIONS",
                        locations.toString()))
                .withAccess(admin)
                .withTell(tell));
        try {
            List.of(Catalogue.DEPLOY, Catalogue.MONITOR, Catalogue.NOTIFY).forEach(suite::stop);
            CaptureService service = new CaptureService(suite, admin.secret());
            service.putManifest(source.port());
            return service;
        } catch (IOException | InterruptedException | RuntimeException e) {
            suite.close();
            throw e;
        }
    }

    private void putManifest(int port) throws IOException, InterruptedException {
        String database = """
                  - name: %1$s
                    type: postgresql
                    environment: production
                    host: 127.0.0.1
                    port: %2$d
                    database: %3$s
                    user: %4$s
                    password: ${env:SLIPWAY_REF_BENCH_PASSWORD}
                    locations: [disk, second]
                    needed: 2
                    compression: %1$s
                """;
        String manifest = "application: bench\nenvironments:\n  - name: production\ndatabases:\n"
                + database.formatted("zstd", port, SourceServer.DATABASE, SourceServer.USER)
                + database.formatted("gzip", port, SourceServer.DATABASE, SourceServer.USER);
        HttpRequest.Builder put = request("/api/v1/applications/bench/manifest")
                .header("Content-Type", "application/yaml")
                .PUT(BodyPublishers.ofString(manifest));
        send(put, 200);
    }

    /// Takes one backup and waits for its proof.
    ///
    /// @param database `zstd` or `gzip`
    /// @param proof `readback` or `restore`
    Figures take(String database, String proof) throws IOException, InterruptedException {
        ProcessMemory memory = new ProcessMemory(pid());
        memory.forgetPeak();
        HttpResponse<String> accepted = send(
                request("/api/v1/applications/bench/databases/%s/backups".formatted(database))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"proof\": \"%s\"}".formatted(proof))),
                202);
        String id = JSON.readTree(accepted.body()).get("id").asText();
        JsonNode[] seen = new JsonNode[1];
        boolean over = Deadline.in(DONE_WITHIN).await(() -> {
            seen[0] = get("/api/v1/backups/" + id);
            return List.of("completed", "failed").contains(seen[0].path("state").asText());
        });
        if (!over || !seen[0].path("state").asText().equals("completed")) {
            throw new SuiteFailure("no backup: " + (seen[0] == null ? "no answer" : seen[0].toString()));
        }
        return figures(seen[0], memory.peak());
    }

    private static Figures figures(JsonNode backup, long memory) {
        JsonNode read = backup.path("proofs").path(0);
        JsonNode restored = backup.path("proofs").path(1);
        Instant stored = Instant.parse(read.path("at").asText())
                .minus(Duration.parse(read.path("took").asText()));
        return new Figures(
                Duration.between(Instant.parse(backup.path("startedAt").asText()), stored),
                Duration.parse(read.path("took").asText()),
                restored.isMissingNode()
                        ? null
                        : Duration.parse(restored.path("took").asText()),
                backup.path("sizeBytes").asLong(),
                memory);
    }

    /// What its process has in memory now, in mebibytes.
    long memoryNow() {
        return new ProcessMemory(pid()).now();
    }

    private long pid() {
        return new PidFile(suite.data().resolve("pids").resolve(Catalogue.BACKUP + ".pid"))
                .living()
                .orElseThrow(() -> new SuiteFailure("backup-service is not running"))
                .pid();
    }

    /// Multiplies the backups that are there, in the service's own database only.
    void pretend(int count) throws SQLException {
        try (Connection database = suite.postgres().connect("slipway_backup");
                Statement statement = database.createStatement()) {
            statement.execute("""
                    INSERT INTO backup
                    SELECT (jsonb_populate_record(null::backup, to_jsonb(b) || jsonb_build_object(
                        'id', gen_random_uuid(), 'requested_at', b.requested_at - n * interval '7 minutes'))).*
                    FROM (SELECT * FROM backup WHERE phase = 'completed' ORDER BY requested_at LIMIT 1) b,
                        generate_series(1, %d) n""".formatted(count));
            statement.execute("ANALYZE backup");
        }
    }

    /// @return how long a GET took
    Duration time(String path) {
        long begun = System.nanoTime();
        get(path);
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    JsonNode get(String path) {
        try {
            return JSON.readTree(send(request(path).GET(), 200).body());
        } catch (IOException e) {
            throw new SuiteFailure("backup-service does not answer: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SuiteFailure("interrupted", e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(url.resolve(path))
                .timeout(ANSWERS_WITHIN)
                .header("Authorization", "Bearer " + token);
    }

    private HttpResponse<String> send(HttpRequest.Builder request, int expected)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() != expected) {
            throw new SuiteFailure("backup-service answered %d: %s".formatted(answer.statusCode(), answer.body()));
        }
        return answer;
    }

    @Override
    public void close() {
        http.close();
        suite.close();
    }
}
