package dev.slipway.demo.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.slipway.testkit.TestClock;
import dev.slipway.testkit.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopTest {
    private static final String SECRET = "signs-the-tokens-of-this-test";
    private static final JsonMapper JSON = new JsonMapper();

    private final TestClock clock = TestClock.at("2026-03-01T10:00:00Z");
    private final TestDatabase test = TestDatabase.fresh();
    private final ShopSettings.Database database = new ShopSettings.Database(test.url(), test.user(), test.password());
    private final ConnectionPool connections = new ConnectionPool(database);
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<ShopServer> running = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        running.forEach(ShopServer::close);
        connections.close();
    }

    @Test
    void shouldSayWhichVersionAnswers() throws Exception {
        migrate(1);
        URI shop = start(new ShopRelease("c1", 1, 1));

        HttpResponse<String> health = get(shop, "/healthz", "");

        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body()).isEqualTo("{\"status\":\"ok\",\"version\":\"c1\",\"schema\":1}");
        assertThat(health.headers().firstValue("X-Shop-Version")).contains("c1");
    }

    @Test
    void shouldTakeOrdersOfThoseWhoLoggedIn() throws Exception {
        migrate(2);
        URI shop = start(new ShopRelease("c2", 2, 2));
        String token = logIn(shop);

        HttpResponse<String> created = post(shop, "/api/orders", "{\"item\":\"rope\",\"quantity\":12}", token);

        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(JSON.readTree(created.body()).path("item").asText()).isEqualTo("rope");
        JsonNode listed = JSON.readTree(get(shop, "/api/orders", token).body()).path("orders");
        assertThat(listed).hasSize(1);
        assertThat(listed.get(0).path("priority").asText()).isEqualTo("bulk");
    }

    @Test
    void shouldLetNobodyElseIn() throws Exception {
        migrate(1);
        URI shop = start(new ShopRelease("c1", 1, 1));
        String token = logIn(shop);

        assertThat(get(shop, "/api/orders", "").statusCode()).isEqualTo(401);
        assertThat(get(shop, "/api/orders", token + "x").statusCode()).isEqualTo(401);
        assertThat(get(shop, "/api/orders", token.replace("smoke", "customer")).statusCode())
                .isEqualTo(401);
        assertThat(post(shop, "/api/login", "{\"user\":\"smoke\",\"password\":\"guess\"}", "")
                        .statusCode())
                .isEqualTo(401);
        clock.advance(Duration.ofHours(9));
        assertThat(get(shop, "/api/orders", token).statusCode()).isEqualTo(401);
    }

    @Test
    void shouldKnowTheTokensOfAnotherInstance() throws Exception {
        migrate(2);
        String token = logIn(start(new ShopRelease("c1", 1, 1)));
        URI other = start(new ShopRelease("c2", 2, 2));

        assertThat(get(other, "/api/orders", token).statusCode()).isEqualTo(200);
    }

    @Test
    void shouldRefuseOrdersThatAreNone() throws Exception {
        migrate(1);
        URI shop = start(new ShopRelease("c1", 1, 1));
        String token = logIn(shop);

        for (String body : List.of("{", "{}", "{\"item\":\"rope\",\"quantity\":0}", "{\"quantity\":1}")) {
            assertThat(post(shop, "/api/orders", body, token).statusCode())
                    .as(body)
                    .isEqualTo(422);
        }
        assertThat(get(shop, "/api/else", token).statusCode()).isEqualTo(404);
    }

    @Test
    void shouldRunTheFirstVersionBeforeAndAfterTheMigration() throws Exception {
        migrate(1);
        URI shop = start(new ShopRelease("c1", 1, 1));
        String token = logIn(shop);
        assertThat(post(shop, "/api/orders", "{\"item\":\"before\",\"quantity\":12}", token)
                        .statusCode())
                .isEqualTo(201);

        migrate(2);

        assertThat(post(shop, "/api/orders", "{\"item\":\"after\",\"quantity\":1}", token)
                        .statusCode())
                .isEqualTo(201);
        assertThat(get(shop, "/api/orders", token).body()).doesNotContain("priority");
        assertThat(strings("select item || ' ' || priority from orders order by id"))
                .containsExactly("before bulk", "after normal");
    }

    @Test
    void shouldNotStartOnASchemaOlderThanItNeeds() {
        assertThatThrownBy(() -> Shop.requireSchema(new ShopRelease("c2", 2, 2), 1))
                .hasMessage("c2 needs schema 2, the database has 1");
    }

    @Test
    void shouldMigrateOnceHoweverOftenItIsAsked() throws Exception {
        assertThat(migrate(2)).isZero();
        assertThat(migrate(2)).isEqualTo(2);
        assertThat(migrate(1)).isEqualTo(2);

        assertThat(strings("select version || ' ' || applied_at at time zone 'UTC' from schema_version order by 1"))
                .containsExactly("1 2026-03-01 10:00:00", "2 2026-03-01 10:00:00");
    }

    @Test
    void shouldMigrateOnceWhenAskedByTwoAtTheSameTime() throws Exception {
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
            Callable<Integer> migration = () -> migrate(2);
            for (Future<Integer> one : both.invokeAll(List.of(migration, migration))) {
                one.get();
            }
        }

        assertThat(strings("select version from schema_version order by 1")).containsExactly("1", "2");
    }

    @Test
    void shouldFailEveryFifthRequestOfTheThirdVersionUnderLoadOnly() throws Exception {
        migrate(2);
        URI shop = start(new ShopRelease("c3", 3, 2));
        String token = logIn(shop);
        for (int smoke = 0; smoke < LoadFault.TRICKLE; smoke++) {
            assertThat(get(shop, "/api/orders", token).statusCode()).isEqualTo(200);
        }
        int failed = 0;

        for (int load = 0; load < 50; load++) {
            failed += get(shop, "/api/orders", token).statusCode() == 500 ? 1 : 0;
        }

        assertThat(failed).isEqualTo(10);
        assertThat(get(shop, "/healthz", "").statusCode()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(2));
        assertThat(get(shop, "/api/orders", token).statusCode()).isEqualTo(200);
    }

    @Test
    void shouldFindTheBuildThatCiLeft(@TempDir Path home) throws Exception {
        var release = new ShopRelease("c0ffee", 3, 2);

        release.write(home);

        assertThat(ShopRelease.read(home, "c0ffee")).isEqualTo(release);
        assertThatThrownBy(() -> ShopRelease.read(home, "decaf")).hasMessageContaining("no build of decaf");
        assertThatThrownBy(() -> ShopRelease.read(home, "../../etc")).hasMessageContaining("not a version");
    }

    private int migrate(int version) throws SQLException {
        try (Connection connection = ConnectionPool.connect(database)) {
            return new ShopSchema(connection).migrate(version, clock);
        }
    }

    private URI start(ShopRelease release) throws Exception {
        var logins = new Logins(Map.of("smoke", "pw", "customer", "pw2"), SECRET, clock);
        var server = new ShopServer(0, release, new Orders(connections, clock, release), logins, clock);
        running.add(server);
        server.start();
        return URI.create("http://127.0.0.1:" + server.port());
    }

    private String logIn(URI shop) throws Exception {
        return JSON.readTree(post(shop, "/api/login", "{\"user\":\"smoke\",\"password\":\"pw\"}", "")
                        .body())
                .path("token")
                .asText();
    }

    private HttpResponse<String> get(URI shop, String path, String token) throws Exception {
        return send(HttpRequest.newBuilder(shop.resolve(path)), token);
    }

    private HttpResponse<String> post(URI shop, String path, String body, String token) throws Exception {
        return send(HttpRequest.newBuilder(shop.resolve(path)).POST(HttpRequest.BodyPublishers.ofString(body)), token);
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String token) throws Exception {
        return client.send(
                request.header("Authorization", "Bearer " + token).build(), HttpResponse.BodyHandlers.ofString());
    }

    private List<String> strings(String sql) throws SQLException {
        return connections.with(connection -> {
            try (Statement statement = connection.createStatement();
                    var row = statement.executeQuery(sql)) {
                List<String> found = new ArrayList<>();
                while (row.next()) {
                    found.add(row.getString(1));
                }
                return found;
            }
        });
    }
}
