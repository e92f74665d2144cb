package dev.slipway.backup.api;

import static dev.slipway.backup.api.Tokens.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import dev.slipway.backup.SourceDatabase;
import dev.slipway.backup.engine.Access;
import dev.slipway.testkit.RealBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@TestProfile(Tokens.class)
class BackupResourceTest {
    private static final SourceDatabase SOURCE = SourceDatabase.withOrders(30);
    private static final String BACKUPS = "/api/v1/applications/shop/databases/{name}/backups";

    @Inject
    Jdbi jdbi;

    @Inject
    DueWork due;

    @BeforeEach
    void startFresh() {
        jdbi.useHandle(handle ->
                handle.execute("truncate backup, backup_request, backup_pin, backup_hold, expiry, work, outbox"));
        StringBuilder yaml = new StringBuilder("application: shop\nenvironments:\n  - name: production\ndatabases:\n");
        for (String name : List.of("orders", "stock", "ledger")) {
            Access access = SOURCE.access();
            yaml.append("""
                  - name: %s
                    type: postgresql
                    environment: production
                    host: %s
                    port: %d
                    database: %s
                    user: keeper
                    password: ${env:SLIPWAY_REF_PASSWORD}
                    locations: [disk]
                """.formatted(name, access.host(), access.port(), access.database()));
        }
        Tokens.putManifest(yaml.toString());
    }

    @Test
    void shouldTakeABackupAndShowIt() {
        String location = as("operator")
                .body("{\"proof\":\"restore\"}")
                .post(BACKUPS, "orders")
                .then()
                .statusCode(202)
                .body("state", equalTo("pending"), "requestedBy", equalTo("operator"), "proof", equalTo("restore"))
                .extract()
                .header("Location");

        due.run();

        as("viewer")
                .get(location)
                .then()
                .statusCode(200)
                .body("state", equalTo("completed"))
                .body("application", equalTo("shop"), "database", equalTo("orders"))
                .body("rows", equalTo(32), "tables.'public.orders'", equalTo(30))
                .body("sha256", matchesPattern("[0-9a-f]{64}"))
                .body("serverVersion", matchesPattern("15\\..*"), "clientVersion", matchesPattern("\\d+\\..*"))
                .body("snapshotAt", matchesPattern("20.*Z"), "finishedAt", matchesPattern("20.*Z"))
                .body("proofs.kind", equalTo(List.of("readback", "restore")))
                .body("proofs.took", everyItem(matchesPattern("PT.*S")))
                .body("locations", equalTo(List.of("disk")))
                .body("reason", nullValue());
    }

    @Test
    void shouldAnswerTheWaitingBackupWhenAskedAgain() {
        String first = capture("orders");

        String second = capture("orders");

        assertThat(second).isEqualTo(first);
    }

    @Test
    void shouldListNewestFirstPageByPage() {
        String orders = capture("orders");
        String stock = capture("stock");
        String ledger = capture("ledger");

        var first = as("viewer")
                .queryParam("limit", 2)
                .get("/api/v1/backups")
                .then()
                .statusCode(200);
        String next = first.extract().path("next");
        var second = as("viewer")
                .queryParam("limit", 2)
                .queryParam("cursor", next)
                .get("/api/v1/backups")
                .then();

        first.body("items.id", equalTo(List.of(ledger, stock))).header("Link", matchesPattern("<.*>; rel=\"next\""));
        second.body("items.id", equalTo(List.of(orders)), "next", nullValue());
    }

    @Test
    void shouldListTheBackupsOfOneDatabase() {
        String orders = capture("orders");
        capture("stock");

        var listed = as("viewer")
                .queryParam("application", "shop")
                .queryParam("database", "orders")
                .get("/api/v1/backups");

        listed.then().body("items.id", equalTo(List.of(orders)), "items.tables", everyItem(nullValue()));
    }

    @Test
    void shouldTellWhoMayDoWhat() {
        given().get("/api/v1/backups").then().statusCode(401);
        as("viewer").post(BACKUPS, "orders").then().statusCode(403);
        as("operator").get("/api/v1/backups").then().statusCode(200).body("items", hasSize(0));
    }

    @Test
    void shouldTellWhatIsNotThereOrNotRight() {
        as("operator").post(BACKUPS, "nothing").then().statusCode(404);
        as("viewer").get("/api/v1/backups/no-id").then().statusCode(404);
        as("viewer")
                .get("/api/v1/backups/018e0000-0000-7000-8000-00000000000a")
                .then()
                .statusCode(404);
        as("viewer").queryParam("cursor", "mine").get("/api/v1/backups").then().statusCode(400);
        as("operator")
                .body("{\"proof\":\"hope\"}")
                .post(BACKUPS, "orders")
                .then()
                .statusCode(422)
                .body("faults.path", hasItem("proof"));
        as("operator")
                .body("{\"prove\":\"restore\"}")
                .post(BACKUPS, "orders")
                .then()
                .statusCode(422)
                .body("faults.path", hasItem("prove"));
    }

    private String capture(String name) {
        return as("operator")
                .post(BACKUPS, name)
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }
}
