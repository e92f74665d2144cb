package dev.slipway.notify;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testkit.AuditCoverage;
import dev.slipway.testkit.RealBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/// Nothing changes here without leaving word of who did it, and why.
@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@QuarkusTestResource(Receivers.class)
class AuditTest {
    @Inject
    Jdbi jdbi;

    private interface Act {
        void act() throws Exception;
    }

    @Test
    void shouldLeaveWordOfEveryOperationThatChangesSomething() throws Exception {
        Map<String, Act> acts = acts();
        Set<String> operations = AuditCoverage.changingOperations(
                given().get("/q/openapi?format=json").asString());

        assertThat(acts.keySet())
                .as("an act for each operation of the OpenAPI document, so that its audit row is seen")
                .containsAll(operations);
        for (String operation : operations) {
            long before = newest();
            acts.get(operation).act();
            assertThat(since(before, operation)).as(operation).isNotEmpty();
        }
    }

    @Test
    void shouldKeepNoTableOutOfTheAuditWithoutAReason() {
        Set<String> without = new HashSet<>(AuditCoverage.withoutAuditAnywhere());
        // What was heard of releases of other services, kept for texts.
        without.addAll(Set.of("known_release"));

        assertThat(without).containsAll(AuditCoverage.tablesWithoutAudit(jdbi));
    }

    private Map<String, Act> acts() {
        Map<String, Act> acts = new HashMap<>();
        acts.put(
                "PUT /api/v1/applications/{application}/manifest",
                () -> admin().contentType("application/yaml")
                        .body("application: audited".getBytes(StandardCharsets.UTF_8))
                        .put("/api/v1/applications/audited/manifest")
                        .then()
                        .statusCode(200));
        acts.put(
                "POST /api/v1/dead-letters/{id}/replay",
                () -> admin().post("/api/v1/dead-letters/{id}/replay", AuditCoverage.deadLetter(jdbi))
                        .then()
                        .statusCode(204));
        acts.put(
                "POST /api/v1/dead-letters/{id}/discard",
                () -> admin().contentType("application/json")
                        .body("{\"reason\": \"of no use\"}")
                        .post("/api/v1/dead-letters/{id}/discard", AuditCoverage.deadLetter(jdbi))
                        .then()
                        .statusCode(204));
        return acts;
    }

    private long newest() {
        return jdbi.withHandle(handle -> handle.createQuery("select coalesce(max(seq), 0) from audit")
                .mapTo(Long.class)
                .one());
    }

    /// What was written of an operation since; whoever asked is named.
    private static List<Map<String, Object>> since(long seq, String operation) {
        List<Map<String, Object>> rows = admin().queryParam("action", operation)
                .get("/api/v1/audit")
                .then()
                .statusCode(200)
                .extract()
                .path("items");
        return rows.stream()
                .filter(row -> ((Number) row.get("seq")).longValue() > seq && row.get("person") != null)
                .toList();
    }

    private static RequestSpecification admin() {
        return given().auth().oauth2("admin");
    }
}
