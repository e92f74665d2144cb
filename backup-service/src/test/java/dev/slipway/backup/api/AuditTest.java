package dev.slipway.backup.api;

import static dev.slipway.backup.api.Tokens.as;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.backup.SourceDatabase;
import dev.slipway.testkit.AuditCoverage;
import dev.slipway.testkit.RealBackends;
import dev.slipway.testkit.http.WalkAudit;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Nothing changes here without leaving word of who did it, and why.
@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@TestProfile(Tokens.class)
class AuditTest {
    private static final SourceDatabase SOURCE = SourceDatabase.withOrders(3);
    private static final String DATABASE = "/api/v1/applications/shop/databases/orders";

    @TestHTTPResource("/")
    URI service;

    @Inject
    Jdbi jdbi;

    @Inject
    DueWork due;

    @BeforeEach
    void startFresh() {
        jdbi.useHandle(
                handle -> handle.execute(
                        "truncate backup, backup_request, backup_pin, backup_hold, expiry, schedule, schedule_run, work, outbox"));
        Tokens.putOrders(SOURCE.access());
    }

    @Test
    void shouldLeaveWordOfEveryOperationThatChangesSomething() throws Exception {
        assertThat(new WalkAudit(service, "admin", jdbi).findings(acts())).isEmpty();
    }

    @Test
    void shouldKeepNoTableOutOfTheAudit() {
        assertThat(AuditCoverage.withoutAuditAnywhere()).containsAll(AuditCoverage.tablesWithoutAudit(jdbi));
    }

    @Test
    void shouldPutTheWayOfABackupDownToItsTimer() {
        String backup = capture();

        due.run();

        List<Map<String, Object>> rows = as("operator")
                .queryParam("subject", backup)
                .get("/api/v1/audit")
                .then()
                .statusCode(200)
                .extract()
                .path("items");
        assertThat(rows.getLast())
                .containsEntry("cause", "request")
                .containsEntry("person", "operator")
                .containsEntry("change", "created")
                .containsEntry("application", "shop");
        assertThat(rows.subList(0, rows.size() - 1))
                .isNotEmpty()
                .allSatisfy(
                        row -> assertThat(row).containsEntry("cause", "timer").containsEntry("change", "changed"));
        assertThat(String.valueOf(rows.getFirst().get("new"))).contains("phase=completed");
    }

    @Test
    void shouldMakeAScheduleOnceHoweverOftenItIsAskedForWithOneKey() {
        String wish = "{\"name\": \"again\", \"at\": \"02:30\", \"zone\": \"UTC\"}";

        var first = as("operator").header("Idempotency-Key", "k-1").body(wish).post(DATABASE + "/schedules");
        var again = as("operator").header("Idempotency-Key", "k-1").body(wish).post(DATABASE + "/schedules");
        var other = as("operator").header("Idempotency-Key", "k-2").body(wish).post(DATABASE + "/schedules");

        first.then().statusCode(201);
        again.then()
                .statusCode(201)
                .header("Idempotency-Replayed", "true")
                .header("Location", first.header("Location"));
        assertThat(again.asString()).isEqualTo(first.asString());
        other.then().statusCode(409);
    }

    private Map<String, WalkAudit.Act> acts() {
        Map<String, WalkAudit.Act> acts = new WalkAudit(service, "admin", jdbi).acts();
        acts.put("POST /api/v1/applications/{application}/databases/{database}/backups", this::capture);
        acts.put("PUT /api/v1/backups/{id}/pin", () -> pin(capture()));
        acts.put("DELETE /api/v1/backups/{id}/pin", () -> {
            String backup = capture();
            pin(backup);
            as("operator").delete("/api/v1/backups/{id}/pin", backup).then().statusCode(204);
        });
        acts.put(
                "POST /api/v1/backups/{id}/cancel",
                () -> as("operator")
                        .body("{\"reason\": \"not now\"}")
                        .post("/api/v1/backups/{id}/cancel", capture())
                        .then()
                        .statusCode(200));
        acts.put(
                "POST /api/v1/backups/{id}/copies/check",
                () -> as("operator")
                        .post("/api/v1/backups/{id}/copies/check", completed())
                        .then()
                        .statusCode(202));
        acts.put(
                "POST /api/v1/backups/{id}/drill",
                () -> as("operator")
                        .post("/api/v1/backups/{id}/drill", completed())
                        .then()
                        .statusCode(202));
        acts.put("POST /api/v1/backups/{id}/links", () -> link(completed()));
        acts.put("DELETE /api/v1/backups/{id}/links/{link}", () -> {
            String backup = completed();
            as("operator")
                    .delete("/api/v1/backups/{id}/links/{link}", backup, link(backup))
                    .then()
                    .statusCode(204);
        });
        acts.put(
                "POST /api/v1/catalogue/rebuild",
                () -> as("admin")
                        .body("{}")
                        .post("/api/v1/catalogue/rebuild")
                        .then()
                        .statusCode(202));
        acts.put(
                "POST /api/v1/applications/{application}/databases/{database}/retention",
                () -> as("operator").post(DATABASE + "/retention").then().statusCode(202));
        String schedules = "/api/v1/applications/{application}/databases/{database}/schedules";
        acts.put("POST " + schedules, this::schedule);
        acts.put(
                "PUT " + schedules + "/{name}",
                () -> as("operator")
                        .body("{\"at\": \"03:15\", \"zone\": \"Europe/Berlin\"}")
                        .put(DATABASE + "/schedules/{name}", schedule())
                        .then()
                        .statusCode(200));
        acts.put(
                "DELETE " + schedules + "/{name}",
                () -> as("operator")
                        .delete(DATABASE + "/schedules/{name}", schedule())
                        .then()
                        .statusCode(204));
        acts.put("POST " + schedules + "/{name}/pause", () -> pause(schedule()));
        acts.put("POST " + schedules + "/{name}/resume", () -> {
            String name = schedule();
            pause(name);
            as("operator")
                    .post(DATABASE + "/schedules/{name}/resume", name)
                    .then()
                    .statusCode(200);
        });
        return acts;
    }

    /// A new backup, whatever waits already.
    private String capture() {
        jdbi.useHandle(handle -> handle.execute("truncate backup, backup_request, backup_pin, backup_hold, expiry"));
        return as("operator")
                .post(DATABASE + "/backups")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }

    private String completed() {
        String backup = capture();
        due.run();
        return backup;
    }

    private static String link(String backup) {
        return as("operator")
                .body("{}")
                .post("/api/v1/backups/{id}/links", backup)
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static void pin(String backup) {
        as("operator")
                .body("{\"reason\": \"evidence\"}")
                .put("/api/v1/backups/{id}/pin", backup)
                .then()
                .statusCode(200);
    }

    private String schedule() {
        String name = "s" + UUID.randomUUID().toString().substring(0, 8);
        as("operator")
                .body("{\"name\": \"%s\", \"at\": \"02:30\", \"zone\": \"UTC\"}".formatted(name))
                .post(DATABASE + "/schedules")
                .then()
                .statusCode(201);
        return name;
    }

    private static void pause(String name) {
        as("operator")
                .body("{\"reason\": \"moving house\"}")
                .post(DATABASE + "/schedules/{name}/pause", name)
                .then()
                .statusCode(200);
    }
}
