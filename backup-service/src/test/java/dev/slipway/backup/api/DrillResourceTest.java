package dev.slipway.backup.api;

import static dev.slipway.backup.api.Tokens.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.slipway.backup.SourceDatabase;
import dev.slipway.testkit.RealBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@TestProfile(Tokens.class)
class DrillResourceTest {
    private static final SourceDatabase SOURCE = SourceDatabase.withOrders(30);

    @Inject
    Jdbi jdbi;

    @Inject
    DueWork due;

    private String backup;

    @BeforeEach
    void queueABackup() {
        jdbi.useHandle(handle -> handle.execute(
                "truncate backup, backup_request, backup_pin, backup_hold, expiry, drill, work, outbox"));
        Tokens.putOrders(
                SOURCE.access(), "checks:", "  - {name: orders-there, sql: \"select count(*) = 30 from orders\"}");
        backup = as("operator")
                .body("{\"proof\":\"readback\"}")
                .post("/api/v1/applications/shop/databases/orders/backups")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }

    private void work() {
        due.run();
    }

    @Test
    void shouldDrillOnDemandAndReportIt() throws Exception {
        as("operator")
                .post("/api/v1/backups/{id}/drill", backup)
                .then()
                .statusCode(409)
                .body("state", equalTo("pending"));
        work();

        String drill = as("operator")
                .post("/api/v1/backups/{id}/drill", backup)
                .then()
                .statusCode(202)
                .body("state", equalTo("waiting"), "requestedBy", equalTo("operator"), "report", nullValue())
                .extract()
                .header("Location");
        work();

        as("viewer")
                .get(drill)
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("state", equalTo("passed"), "report.rows", equalTo(32))
                .body("report.phases.name", equalTo(List.of("create", "restore", "compare", "check", "drop")))
                .body("report.checks.name", equalTo(List.of("orders-there")))
                .body("report.counts[0].table", equalTo("public.orders"), "report.counts[0].restored", equalTo(30));
        as("viewer")
                .get("/api/v1/applications/shop/databases/orders/drills")
                .then()
                .body("items", hasSize(1), "items[0].state", equalTo("passed"), "items[0].report.rows", equalTo(32))
                .body("items[0].report.counts", hasSize(0));
        as("viewer")
                .get("/api/v1/backups/{id}", backup)
                .then()
                .body("proofs.kind", equalTo(List.of("readback", "restore")));
        String page = as("viewer")
                .accept("text/html")
                .get(drill)
                .then()
                .statusCode(200)
                .contentType("text/html")
                .header("Content-Security-Policy", containsString("default-src 'none'; style-src 'sha256-"))
                .header("Content-Security-Policy", containsString("frame-ancestors 'none'"))
                .header("X-Content-Type-Options", "nosniff")
                .body(containsString("orders-there"), not(containsString("<script")))
                .extract()
                .asString();
        Files.writeString(Path.of("target/drill.html"), page);
    }

    @Test
    void shouldEscapeWhatItShows() {
        work();
        as("operator").post("/api/v1/backups/{id}/drill", backup).then().statusCode(202);
        String evil = "<img src=x onerror=alert(1)>'\"&";
        SOURCE.jdbi()
                .useHandle(handle -> handle.execute("create table \"%s\" ()".formatted(evil.replace("\"", "\"\""))));
        try {
            as("operator").body("{\"proof\":\"readback\"}").post("/api/v1/applications/shop/databases/orders/backups");
            work();
        } finally {
            SOURCE.jdbi()
                    .useHandle(handle -> handle.execute("drop table \"%s\"".formatted(evil.replace("\"", "\"\""))));
        }
        String odd = as("viewer")
                .get("/api/v1/backups?application=shop&database=orders")
                .path("items[0].id");
        as("operator").post("/api/v1/backups/{id}/drill", odd).then().statusCode(202);
        work();
        jdbi.useHandle(handle -> handle.execute("update drill set requested_by = ?", evil));
        String id = as("viewer")
                .get("/api/v1/applications/shop/databases/orders/drills")
                .path("items[0].id");

        String page =
                as("viewer").accept("text/html").get("/api/v1/drills/{id}", id).asString();

        assertThat(page)
                .contains("&lt;img src=x onerror=alert(1)&gt;&#39;&quot;&amp;")
                .contains("public.&quot;&lt;img src=x onerror=alert(1)&gt;&#39;&quot;&quot;&amp;&quot;")
                .doesNotContain("<img", "<script");
    }

    @Test
    void shouldQueueOneDrillHoweverOftenItIsAskedFor() {
        work();
        String path = "/api/v1/backups/{id}/drill";

        String first = as("operator")
                .header("Idempotency-Key", "d-1")
                .post(path, backup)
                .path("id");
        var again = as("operator").header("Idempotency-Key", "d-1").post(path, backup);
        String other = as("operator")
                .header("Idempotency-Key", "d-2")
                .post(path, backup)
                .path("id");
        work();
        var later = as("operator").header("Idempotency-Key", "d-1").post(path, backup);

        again.then().statusCode(202).header("Idempotency-Replayed", "true").body("id", equalTo(first));
        assertThat(other).as("while one waits, that one").isEqualTo(first);
        later.then().header("Idempotency-Replayed", "true").body("id", equalTo(first));
        as("viewer")
                .get("/api/v1/applications/shop/databases/orders/drills")
                .then()
                .body("items", hasSize(1));
    }

    @Test
    void shouldTellWhoMayDrillAndWhatIsNotThere() {
        String nothing = "018e0000-0000-7000-8000-00000000000a";
        given().post("/api/v1/backups/{id}/drill", backup).then().statusCode(401);
        as("viewer").post("/api/v1/backups/{id}/drill", backup).then().statusCode(403);
        as("operator").post("/api/v1/backups/{id}/drill", nothing).then().statusCode(404);
        as("viewer").get("/api/v1/drills/{id}", nothing).then().statusCode(404);
        as("viewer")
                .accept("text/html")
                .get("/api/v1/drills/{id}", "no-id")
                .then()
                .statusCode(404);
        given().get("/api/v1/drills/{id}", nothing).then().statusCode(401);
    }
}
