package dev.slipway.backup.api;

import static dev.slipway.backup.api.Tokens.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.notNullValue;

import dev.slipway.backup.engine.Access;
import dev.slipway.backup.mariadb.ShopOnMariadb;
import dev.slipway.testkit.RealBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A database of MariaDB from its manifest to its copies, and what lies in the locations, over HTTP.
@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@TestProfile(Tokens.class)
class LocationResourceTest {
    private static final ShopOnMariadb SHOP = ShopOnMariadb.withOrders(30).withObjects();
    private static final String DATABASE = "/api/v1/applications/shop/databases/orders";

    @Inject
    Jdbi jdbi;

    @Inject
    DueWork due;

    @ConfigProperty(name = "slipway.backups.dir")
    Path disk;

    @BeforeEach
    void startFresh() {
        jdbi.useHandle(handle -> handle.execute("truncate backup, work, outbox, trouble cascade"));
        Access access = SHOP.access();
        Tokens.putManifest("""
                application: shop
                environments:
                  - name: production
                databases:
                  - name: orders
                    type: mariadb
                    environment: production
                    host: %s
                    port: %d
                    database: '%s'
                    user: keeper
                    password: ${env:SLIPWAY_REF_MARIADB}
                    locations: [disk]
                """.formatted(access.host(), access.port(), access.database()));
    }

    @Test
    void shouldTakeProveShowAndCopyADatabaseOfMariadb() throws Exception {
        String backup = capture();
        work();

        as("viewer")
                .get("/api/v1/backups/{id}", backup)
                .then()
                .statusCode(200)
                .body("state", equalTo("completed"), "rows", equalTo(33), "tables.orders", equalTo(30))
                .body("serverVersion", containsString("MariaDB"))
                .body("proofs.kind", equalTo(List.of("readback", "restore")));
        as("viewer")
                .get(DATABASE + "/gate?maxAge=PT1H&proof=restore")
                .then()
                .statusCode(200)
                .body("open", equalTo(true), "backup", equalTo(backup));
        as("operator")
                .post("/api/v1/backups/{id}/copies/check", backup)
                .then()
                .statusCode(202)
                .body("due.location", equalTo(List.of("disk")));
        work();
        as("viewer")
                .get("/api/v1/backups/{id}/copies", backup)
                .then()
                .body("locations", equalTo(List.of("disk")), "due", equalTo(List.of()));
        assertThat(SHOP.scratchSchemas()).isEmpty();
    }

    @Test
    void shouldNameWhatLiesInALocationAndIsNobodys() throws Exception {
        String backup = capture();
        work();
        String stranger = "somebody-elses-" + UUID.randomUUID() + ".txt";
        String file = "shop/orders/%s/notes.txt".formatted(backup);
        Files.writeString(disk.resolve(stranger), "hello");
        Files.writeString(disk.resolve(file), "hello");

        given().get("/api/v1/locations").then().statusCode(401);
        as("viewer")
                .get("/api/v1/locations")
                .then()
                .statusCode(200)
                .body("name", equalTo(List.of("disk")))
                .body("[0].place", notNullValue(), "[0].backups", notNullValue(), "[0].unknown", notNullValue());
        as("viewer")
                .get("/api/v1/locations/disk/unknown")
                .then()
                .statusCode(200)
                .body("unknown.path", hasItems(stranger, file))
                .body("unknown.find { it.path == '%s' }.why".formatted(file), equalTo("the backup has no such file"));
        assertThat(disk.resolve(stranger)).hasContent("hello");
        Files.delete(disk.resolve(stranger));
        Files.delete(disk.resolve(file));
    }

    /// Sent as it stands: a client that tidies paths would hide what is tried.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/locations/../unknown",
                "/api/v1/locations/%2e%2e/unknown",
                "/api/v1/locations/..%2f..%2fetc/unknown",
                "/api/v1/locations/%2fetc%2fpasswd/unknown",
                "/api/v1/locations/disk%00/unknown",
                "/api/v1/locations/disk%2f..%2fdisk/unknown",
                "/api/v1/locations/%c0%ae%c0%ae/unknown",
                "/api/v1/applications/..%2f..%2fetc/databases/orders/gate?maxAge=PT1H",
                "/api/v1/applications/shop/databases/%2e%2e%2f%2e%2e/gate?maxAge=PT1H",
                "/api/v1/backups/..%2f..%2fetc%2fpasswd/copies",
                "/api/v1/backups/%2e%2e/copies"
            })
    void shouldFindNothingByAPathThatLeadsElsewhere(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://localhost:%d%s".formatted(RestAssured.port, path)))
                .header("Authorization", "Bearer viewer")
                .timeout(Duration.ofSeconds(10))
                .build();

        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isBetween(400, 404);
        assertThat(answer.body()).doesNotContain("root:", disk.toAbsolutePath().toString());
    }

    @Test
    void shouldRefuseNamesThatWouldLeadOutOfALocation() {
        for (String name : List.of("../orders", "/orders", "a/b", "..", ".hidden")) {
            as("admin")
                    .contentType("application/yaml")
                    .body("""
                            application: shop
                            environments:
                              - name: production
                            databases:
                              - {name: '%s', type: mariadb, environment: production, host: db, database: x, user: y,
                                 password: "${env:SLIPWAY_REF_MARIADB}", locations: [disk]}
                            """.formatted(name).getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    .put("/api/v1/applications/shop/manifest")
                    .then()
                    .statusCode(422)
                    .body("faults.path", hasItem("databases[0].name"));
        }
    }

    private static String capture() {
        return as("operator")
                .body("{\"proof\": \"restore\"}")
                .post(DATABASE + "/backups")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }

    private void work() {
        due.run();
    }
}
