package dev.slipway.deploy.report;

import static dev.slipway.deploy.report.ReleasesOverHttp.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.slipway.deploy.ServiceBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Whose word counts, over HTTP.
@QuarkusTest
@QuarkusTestResource(ServiceBackends.class)
class ApprovalApiTest {
    @Inject
    ReleasesOverHttp releases;

    @Test
    void shouldStartOnceBothRolesHaveApproved() {
        UUID id = releases.push("c1");

        releases.approve("mara", id, "technical-lead").statusCode(200).body("person", equalTo("mara"));
        releases.approve("tomas", id, "business").statusCode(200);
        releases.askGates();

        releases.get(id)
                .body("phase", equalTo("running"))
                .body("number", equalTo(1))
                .body("startedAt", notNullValue())
                .body("approvals.role", contains("technical-lead", "business"));
        releases.approve("tomas", id, "business")
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:slipway:problem:past-approval"))
                .body("phase", equalTo("running"));
    }

    @Test
    void shouldRefuseTheRequestersOwnApproval() {
        UUID id = releases.push("c1");

        releases.approve("rafael", id, "business")
                .statusCode(403)
                .body("type", equalTo("urn:slipway:problem:own-release"));
    }

    @Test
    void shouldRememberWhatCallersAreCalledElsewhere() {
        as("rafael").get("/api/v1/releases").then().statusCode(200);

        List<String> aliases = releases.jdbi()
                .withHandle(tx -> tx.createQuery("select alias from person_alias where person = 'rafael'")
                        .mapTo(String.class)
                        .list());
        assertThat(aliases).containsExactly("github:rafael-r");
    }

    @Test
    void shouldRefuseApprovalsByThoseWhoMayNot() {
        UUID id = releases.push("c1");

        releases.approve("mara", id, "business").statusCode(403);
        releases.approve("vera", id, "business").statusCode(403);
        releases.approve("mara", id, "pope").statusCode(422).body("faults.path", contains("role"));
        as("mara")
                .contentType(ContentType.JSON)
                .body(Map.of("note", "fine"))
                .post("/api/v1/releases/{id}/approvals", id)
                .then()
                .statusCode(422);
        as("mara")
                .contentType(ContentType.JSON)
                .body(Map.of("role", "technical-lead", "roel", "typo"))
                .post("/api/v1/releases/{id}/approvals", id)
                .then()
                .statusCode(422)
                .body("faults.path", contains("roel"));
    }

    @Test
    void shouldOverrideNothingThatTheManifestLetsNobodyOverride() {
        UUID id = releases.push("c1");

        as("mara")
                .contentType(ContentType.JSON)
                .body(Map.of("gate", "soak", "reason", "why not"))
                .post("/api/v1/releases/{id}/overrides", id)
                .then()
                .statusCode(422)
                .body("faults.path", contains("gate"));
        as("otto")
                .contentType(ContentType.JSON)
                .body(Map.of("gate", "soak", "reason", "why not"))
                .post("/api/v1/releases/{id}/overrides", id)
                .then()
                .statusCode(403);
    }
}
