package dev.slipway.backup.api;

import static dev.slipway.backup.api.Tokens.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.slipway.backup.SourceDatabase;
import dev.slipway.testkit.RealBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@TestProfile(Tokens.class)
@Timeout(60)
class RunResourceTest {
    private static final SourceDatabase SOURCE = SourceDatabase.withOrders(30);
    private static final Map<String, String> WHY = Map.of("reason", "not now");

    @Inject
    Jdbi jdbi;

    @Inject
    DueWork due;

    @BeforeEach
    void startFresh() {
        jdbi.useHandle(handle -> handle.execute("truncate backup, work, outbox cascade"));
        Tokens.putOrders(SOURCE.access());
    }

    @Test
    void shouldStreamWhatIsKnownFirstAndTheEndLast() throws Exception {
        String id = capture();
        HttpResponse<InputStream> answer = listen("viewer", id);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            List<String> first = event(lines);
            work();
            List<String> last = event(lines);
            while (!last.contains("event: end")) {
                last = event(lines);
            }

            assertThat(answer.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
            assertThat(first).contains("event: progress", "data: {\"state\":\"pending\"}");
            assertThat(last).contains("data: {\"state\":\"completed\"}");
            assertThat(lines.readLine()).as("nothing comes after the end").isNull();
        }
    }

    @Test
    void shouldRefuseMoreStreamsThanOneMayHaveAndFreeThoseWhoseListenersLeft() throws Exception {
        String over = capture();
        work();
        for (int i = 0; i < ProgressStream.MOST_OF_ONE + 1; i++) {
            try (InputStream body = listen("viewer", over).body()) {
                body.readAllBytes();
            }
        }
        String open = capture();
        try (Listeners listeners = new Listeners()) {
            listeners.listen("viewer", open, ProgressStream.MOST_OF_ONE);

            HttpResponse<InputStream> oneMore = listen("viewer", open);

            assertThat(oneMore.statusCode()).isEqualTo(429);
            assertThat(oneMore.headers().firstValue("Retry-After")).isPresent();
            listeners.listen("operator", open, 1);
        }
        assertThat(statusWhenFree("viewer", open))
                .as("the connections are closed, the backup waits")
                .isEqualTo(200);
        as("operator").body(WHY).post("/api/v1/backups/{id}/cancel", open);
    }

    @Test
    void shouldRefuseMoreStreamsThanThereMayBe() throws Exception {
        String open = capture();
        try (Listeners listeners = new Listeners()) {
            for (String caller : List.of("viewer", "operator", "admin", "approver:technical-lead")) {
                listeners.listen(caller, open, ProgressStream.MOST_OF_ONE);
            }

            HttpResponse<InputStream> oneMore = listen("viewer", open);

            assertThat(oneMore.statusCode()).isEqualTo(503);
            assertThat(oneMore.headers().firstValue("Retry-After")).isPresent();
        }
        as("operator").body(WHY).post("/api/v1/backups/{id}/cancel", open);
    }

    /// Connections that read how a stream begins, and hang up together.
    private static final class Listeners implements AutoCloseable {
        private final List<Socket> connections = new ArrayList<>();

        void listen(String caller, String backup, int times) throws IOException {
            for (int i = 0; i < times; i++) {
                Socket connection = new Socket("localhost", RestAssured.port);
                connections.add(connection);
                connection.getOutputStream().write("""
                        GET /api/v1/backups/%s/progress HTTP/1.1\r
                        Host: localhost\r
                        Authorization: Bearer %s\r
                        \r
                        """.formatted(backup, caller).getBytes(StandardCharsets.US_ASCII));
                byte[] start = new byte["HTTP/1.1 200".length()];
                connection.getInputStream().readNBytes(start, 0, start.length);
                assertThat(new String(start, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
            }
        }

        @Override
        public void close() throws IOException {
            for (Socket connection : connections) {
                connection.close();
            }
        }
    }

    /// What a listener gets once the server has noticed that others left.
    private static int statusWhenFree(String caller, String backup) throws IOException, InterruptedException {
        while (true) {
            HttpResponse<InputStream> answer = listen(caller, backup);
            answer.body().close();
            if (answer.statusCode() != 429) {
                return answer.statusCode();
            }
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldCancelOnceAndSayOfWhatIsOverThatItIs() {
        String waiting = capture();
        as("viewer")
                .body(WHY)
                .post("/api/v1/backups/{id}/cancel", waiting)
                .then()
                .statusCode(403);
        as("operator")
                .body(Map.of("reason", " "))
                .post("/api/v1/backups/{id}/cancel", waiting)
                .then()
                .statusCode(422)
                .body("faults.path", hasItem("reason"));
        for (int i = 0; i < 2; i++) {
            as("operator")
                    .body(WHY)
                    .post("/api/v1/backups/{id}/cancel", waiting)
                    .then()
                    .statusCode(200)
                    .body("state", equalTo("cancelled"), "cancel.by", equalTo("operator"));
        }
        String completed = capture();
        work();
        as("operator")
                .body(WHY)
                .post("/api/v1/backups/{id}/cancel", completed)
                .then()
                .statusCode(409)
                .body("state", equalTo("completed"));
        as("operator")
                .body(WHY)
                .post("/api/v1/backups/{id}/cancel", "018e0000-0000-7000-8000-00000000000a")
                .then()
                .statusCode(404);
        as("viewer").get("/api/v1/backups/no-id/progress").then().statusCode(404);
    }

    private void work() {
        due.run();
    }

    private static HttpResponse<InputStream> listen(String caller, String id) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://localhost:%d/api/v1/backups/%s/progress".formatted(RestAssured.port, id)))
                .header("Authorization", "Bearer " + caller)
                .header("Accept", "text/event-stream")
                .timeout(Duration.ofSeconds(20))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
    }

    private static List<String> event(BufferedReader lines) throws IOException {
        List<String> event = new ArrayList<>();
        for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
            event.add(line);
        }
        return event;
    }

    private static String capture() {
        return as("operator")
                .post("/api/v1/applications/shop/databases/orders/backups")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }
}
