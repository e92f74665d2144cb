package dev.slipway.demo.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EdgeTest {
    private static final String TOKEN = "edge-token-of-this-test";

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch slowArrived = new CountDownLatch(1);
    private final CountDownLatch slowMayEnd = new CountDownLatch(1);
    private HttpServer blue;
    private HttpServer green;
    private Edge edge;

    @BeforeEach
    void start() throws Exception {
        blue = shop("v1");
        green = shop("v2");
        edge = Edge.start(vertx, url(blue), url(green), TOKEN);
    }

    @AfterEach
    void stop() {
        slowMayEnd.countDown();
        vertx.close();
        blue.stop(0);
        green.stop(0);
    }

    @Test
    void shouldTakeEverythingToBlueAtFirst() throws Exception {
        HttpResponse<String> answer = get("/api/orders");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-Shop-Version")).contains("v1");
        assertThat(admin("GET", "/admin/state", "").body())
                .isEqualTo("{\"weights\":{\"blue\":100,\"green\":0},\"maintenance\":false}");
    }

    @Test
    void shouldDivideTheTrafficByTheWeightsAndCountIt() throws Exception {
        HttpResponse<String> answer = admin("PUT", "/admin/weights", "{\"weights\":{\"blue\":75,\"green\":25}}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"weights\":{\"blue\":75,\"green\":25},\"maintenance\":false}");
        for (int i = 0; i < 100; i++) {
            get("/");
        }
        assertThat(counted("blue", "v1", 200)).isEqualTo(75);
        assertThat(counted("green", "v2", 200)).isEqualTo(25);
    }

    @Test
    void shouldKeepEverybodyOutDuringMaintenance() throws Exception {
        HttpResponse<String> answer = admin("PUT", "/admin/maintenance", "{\"on\":true}");

        assertThat(answer.body()).contains("\"maintenance\":true");
        assertThat(get("/").statusCode()).isEqualTo(503);
        assertThat(get("/").headers().firstValue("Retry-After")).isPresent();
        assertThat(counted("maintenance", "none", 503)).isEqualTo(2);

        admin("PUT", "/admin/maintenance", "{\"on\":false}");
        assertThat(get("/").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldConfirmMaintenanceOnlyAfterTheLastRequestInside() throws Exception {
        CompletableFuture<HttpResponse<String>> inside = client.sendAsync(
                HttpRequest.newBuilder(edge.url().resolve("/slow")).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(slowArrived.await(10, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<HttpResponse<String>> switched = client.sendAsync(
                call("PUT", "/admin/maintenance", "{\"on\":true}", TOKEN), HttpResponse.BodyHandlers.ofString());
        while (get("/").statusCode() != 503) {
            Thread.onSpinWait();
        }

        assertThat(switched).isNotDone();
        slowMayEnd.countDown();
        assertThat(switched.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(inside.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }

    @Test
    void shouldCountABackendThatRefusesForItsColour() throws Exception {
        get("/");
        blue.stop(0);

        assertThat(get("/").statusCode()).isEqualTo(502);
        assertThat(counted("blue", "v1", 502)).isEqualTo(1);
    }

    @Test
    void shouldLetOnlyTheAdminIn() throws Exception {
        for (String path : new String[] {"/admin/state", "/admin/weights", "/admin/other"}) {
            HttpRequest call = call("GET", path, "", "guessed");
            assertThat(client.send(call, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(401);
        }
        HttpRequest bare = HttpRequest.newBuilder(edge.adminUrl().resolve("/admin/maintenance"))
                .PUT(HttpRequest.BodyPublishers.ofString("{\"on\":true}"))
                .build();
        assertThat(client.send(bare, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(401);
        assertThat(get("/").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldRefuseNonsenseAndChangeNothing() throws Exception {
        for (String body : new String[] {
            "",
            "[]",
            "{}",
            "{\"weights\":{\"blue\":100}}",
            "{\"weights\":{\"blue\":60,\"green\":60}}",
            "{\"weights\":{\"blue\":\"all\",\"green\":0}}",
            "{\"weights\":{\"blue\":50,\"red\":50}}"
        }) {
            assertThat(admin("PUT", "/admin/weights", body).statusCode())
                    .as(body)
                    .isEqualTo(422);
        }
        assertThat(admin("PUT", "/admin/maintenance", "{\"on\":\"yes\"}").statusCode())
                .isEqualTo(422);
        assertThat(admin("GET", "/admin/state", "").body())
                .isEqualTo("{\"weights\":{\"blue\":100,\"green\":0},\"maintenance\":false}");
    }

    private long counted(String colour, String version, int status) throws Exception {
        String metrics = client.send(
                        HttpRequest.newBuilder(edge.metricsUrl()).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        Matcher line = Pattern.compile("edge_requests_total\\{colour=\"%s\",version=\"%s\",status=\"%d\"} (\\d+)"
                        .formatted(colour, version, status))
                .matcher(metrics);
        return line.find() ? Long.parseLong(line.group(1)) : 0;
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(edge.url().resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> admin(String method, String path, String body) throws Exception {
        return client.send(call(method, path, body, TOKEN), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest call(String method, String path, String body, String token) {
        return HttpRequest.newBuilder(edge.adminUrl().resolve(path))
                .header("Authorization", "Bearer " + token)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private HttpServer shop(String version) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            if (exchange.getRequestURI().getPath().equals("/slow")) {
                slowArrived.countDown();
                awaitEnd();
            }
            try (exchange) {
                exchange.getResponseHeaders().set("X-Shop-Version", version);
                exchange.sendResponseHeaders(200, -1);
            }
        });
        server.start();
        return server;
    }

    private void awaitEnd() {
        try {
            slowMayEnd.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static URI url(HttpServer server) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }
}
