package dev.slipway.web;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.slipway.testkit.TestClock;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@QuarkusTestResource(WebBackends.class)
@TestProfile(RequestLimitsTest.Small.class)
@Timeout(60)
class RequestLimitsTest {
    public static final class Small implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "slipway.limits.requests", "10",
                    "slipway.limits.requests-without-token", "5",
                    "slipway.limits.refusals", "6",
                    "slipway.limits.concurrent", "3",
                    "slipway.limits.body", "4K",
                    "slipway.limits.large-bodies", "/api/v1/things/large");
        }
    }

    @TestHTTPResource("/api/v1/things")
    URI things;

    @Inject
    Clock clock;

    @Inject
    SlowCalls slow;

    @BeforeEach
    void fillAllBuckets() {
        ((TestClock) clock).advance(Duration.ofHours(1));
    }

    @Test
    void shouldLimitTheRequestsOfAToken() {
        list("victor", 1);
        fillAllBuckets();
        int[] statuses = list("victor", 25);

        assertThat(statuses)
                .startsWith(IntStream.generate(() -> 200).limit(20).toArray())
                .endsWith(429);
        given().auth()
                .oauth2("victor-token")
                .get("/api/v1/things")
                .then()
                .statusCode(429)
                .contentType("application/problem+json")
                .header("Retry-After", "1")
                .body("type", equalTo("urn:slipway:problem:too-many-requests"))
                .body("limit", equalTo("requests"));
        assertThat(list("olga", 1)).containsExactly(200);
    }

    @Test
    void shouldHaveRoomAgainWhenItSaidItWould() {
        list("victor", 30);

        ((TestClock) clock).advance(Duration.ofSeconds(1));

        assertThat(list("victor", 1)).containsExactly(200);
    }

    @Test
    void shouldLimitRequestsWithoutTokenByPath() {
        int[] statuses = IntStream.range(0, 12)
                .map(_ -> given().get("/api/v1/things/open").statusCode())
                .toArray();

        assertThat(statuses)
                .startsWith(IntStream.generate(() -> 200).limit(10).toArray())
                .endsWith(429, 429);
        given().get("/api/v1/things/open").then().statusCode(429).header("Retry-After", "1");
        given().get("/api/v1/things/me").then().statusCode(401);
        given().get("/healthz").then().statusCode(200);
    }

    @Test
    void shouldStopATokenThatTriesWhatItMayNotDo() {
        list("victor", 1);
        int[] statuses = IntStream.range(0, 9)
                .map(_ -> given().auth()
                        .oauth2("victor-token")
                        .contentType(ContentType.JSON)
                        .body("{}")
                        .post("/api/v1/things")
                        .statusCode())
                .toArray();

        assertThat(statuses).containsExactly(403, 403, 403, 403, 403, 403, 429, 429, 429);
        given().auth()
                .oauth2("victor-token")
                .get("/api/v1/things")
                .then()
                .statusCode(429)
                .header("Retry-After", "10")
                .body("limit", equalTo("refusals"));
        assertThat(list("olga", 1)).containsExactly(200);
    }

    @Test
    void shouldStopAnAddressThatGuessesTokensAndNobodyWhoHasOne() {
        list("olga", 1);
        int[] statuses = IntStream.range(0, 9)
                .map(guess -> given().auth()
                        .oauth2("guess-" + guess)
                        .get("/api/v1/things")
                        .statusCode())
                .toArray();

        assertThat(statuses).containsExactly(401, 401, 401, 401, 401, 401, 429, 429, 429);
        assertThat(list("olga", 1)).as("who has called before").containsExactly(200);
        given().get("/api/v1/things/open").then().statusCode(200);
    }

    /// What is answered before anybody looks at a token proves none.
    @Test
    void shouldStopAnAddressThatGuessesTokensWhateverElseItAsksWithThem() {
        String large = "{\"name\":\"" + "x".repeat(5000) + "\"}";
        int[] statuses = IntStream.range(0, 9)
                .map(guess -> {
                    String token = "guess-" + guess;
                    given().auth().oauth2(token).get("/api/v1/nothing");
                    given().auth()
                            .oauth2(token)
                            .contentType(ContentType.JSON)
                            .body(large)
                            .post("/api/v1/things");
                    return given().auth().oauth2(token).get("/api/v1/things").statusCode();
                })
                .toArray();

        assertThat(statuses).containsExactly(401, 401, 401, 401, 401, 401, 429, 429, 429);
        given().auth()
                .oauth2("guess-again")
                .get("/api/v1/things")
                .then()
                .statusCode(429)
                .body("limit", equalTo("refusals"));
    }

    @Test
    void shouldLimitRequestsWithoutTokenForEachAddressByItself() throws IOException {
        for (int i = 0; i < 10; i++) {
            assertThat(statusFrom("127.0.0.1")).isEqualTo(200);
        }

        assertThat(statusFrom("127.0.0.1")).isEqualTo(429);
        assertThat(statusFrom("127.0.0.2")).isEqualTo(200);
    }

    private int statusFrom(String address) throws IOException {
        try (Socket connection =
                new Socket(InetAddress.getByName("127.0.0.1"), things.getPort(), InetAddress.getByName(address), 0)) {
            connection.getOutputStream().write("""
                    GET /api/v1/things/open HTTP/1.1\r
                    Host: localhost\r
                    Connection: close\r
                    \r
                    """.getBytes(UTF_8));
            String answer = new String(connection.getInputStream().readAllBytes(), UTF_8);
            return Integer.parseInt(answer.split(" ")[1]);
        }
    }

    @Test
    void shouldLimitTheRequestsOfATokenAtOnce() throws Exception {
        list("ada", 1);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> waiting = IntStream.range(0, 3)
                    .mapToObj(_ -> callers.submit(() -> given().auth()
                            .oauth2("ada-token")
                            .get("/api/v1/things/slow")
                            .statusCode()))
                    .toList();
            slow.awaitCallers(3);

            given().auth()
                    .oauth2("ada-token")
                    .get("/api/v1/things")
                    .then()
                    .statusCode(429)
                    .header("Retry-After", "1")
                    .body("limit", equalTo("concurrent"));
            assertThat(list("olga", 1)).containsExactly(200);

            slow.letGo();
            for (Future<Integer> answer : waiting) {
                assertThat(answer.get()).isEqualTo(200);
            }
        }
        assertThat(list("ada", 1)).containsExactly(200);
    }

    @Test
    void shouldCountAStreamForAsLongAsSomebodyListens() throws Exception {
        list("ada", 1);
        List<Socket> streams = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            streams.add(stream("ada"));
        }
        slow.awaitCallers(3);
        given().auth()
                .oauth2("ada-token")
                .get("/api/v1/things")
                .then()
                .statusCode(429)
                .body("limit", equalTo("concurrent"));

        for (Socket stream : streams) {
            stream.close();
        }

        while (list("ada", 1)[0] == 429) {
            fillAllBuckets();
        }
        for (int i = 0; i < 3; i++) {
            streams.set(i, stream("ada"));
        }
        slow.awaitCallers(3);
        assertThat(list("ada", 1)).as("all three were free, and no more").containsExactly(429);
        slow.letGo();
        for (Socket stream : streams) {
            stream.close();
        }
    }

    private Socket stream(String name) throws IOException {
        Socket connection = new Socket(things.getHost(), things.getPort());
        connection.getOutputStream().write("""
                GET /api/v1/things/stream HTTP/1.1\r
                Host: localhost\r
                Authorization: Bearer %s-token\r
                \r
                """.formatted(name).getBytes(UTF_8));
        return connection;
    }

    @Test
    void shouldLimitBodiesWhetherTheirLengthIsAnnouncedOrNot() throws Exception {
        String large = "{\"name\":\"" + "x".repeat(5000) + "\"}";

        given().auth()
                .oauth2("olga-token")
                .contentType(ContentType.JSON)
                .body(large)
                .post("/api/v1/things")
                .then()
                .statusCode(413)
                .body("detail", containsString("4096"));
        HttpRequest chunked = HttpRequest.newBuilder(things)
                .header("Authorization", "Bearer olga-token")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large.getBytes(UTF_8))))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(client.send(chunked, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(413);
        }
    }

    @Test
    void shouldTakeLargeBodiesWhereTheyAreExpected() {
        given().auth()
                .oauth2("ada-token")
                .body("x".repeat(5000))
                .put("/api/v1/things/large")
                .then()
                .statusCode(200)
                .body("bytes", equalTo(5000));
    }

    private static int[] list(String name, int times) {
        return IntStream.range(0, times)
                .map(_ -> given().auth()
                        .oauth2(name + "-token")
                        .get("/api/v1/things")
                        .statusCode())
                .toArray();
    }
}
