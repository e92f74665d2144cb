package dev.slipway.deploy.report;

import static dev.slipway.deploy.report.ReleasesOverHttp.as;
import static dev.slipway.deploy.report.ReleasesOverHttp.running;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.slipway.deploy.ServiceBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What people see of releases, over HTTP.
@QuarkusTest
@QuarkusTestResource(ServiceBackends.class)
class ReleaseApiTest {
    @Inject
    ReleasesOverHttp releases;

    @Test
    void shouldShowAReleaseWithItsGatesAndItsPlanBeforeItStarts() {
        UUID id = releases.push("c1");
        releases.askGates();

        releases.get(id)
                .body("id", equalTo(id.toString()))
                .body("application", equalTo(releases.application()))
                .body("environment", equalTo("production"))
                .body("phase", equalTo("gated"))
                .body("number", nullValue())
                .body("version", equalTo("c1"))
                .body("artifact", equalTo("pkg:generic/shop@c1"))
                .body("state.reason", containsString("approvals"))
                .body("state.deadline", notNullValue())
                .body("gates.gate", contains("manifest", "approvals", "environment"))
                .body("gates.verdict", contains("open", "hold", "open"))
                .body("gates.reason", hasItem("waits for technical-lead, business"))
                .body("plan.kind", contains("deploy"))
                .body("plan.state", contains("pending"))
                .body("plan.id", contains(notNullValue()))
                .body("plan.afterTakeover", contains("ask-or-repeat"))
                .body("compensation", hasSize(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rollback", "cancel", "pause", "resume", "choice", "approvals"})
    void shouldKnowNoReleaseThatIsNot(String what) {
        String token = what.equals("approvals") ? "mara" : "otto";
        Map<String, String> body = switch (what) {
            case "approvals" -> Map.of("role", "technical-lead");
            case "choice" -> Map.of("choice", "retry", "reason", "why not");
            default -> Map.of("reason", "why not");
        };

        as(token)
                .contentType(ContentType.JSON)
                .body(what.equals("resume") ? Map.of() : body)
                .post("/api/v1/releases/{id}/{what}", UUID.randomUUID(), what)
                .then()
                .statusCode(404)
                .contentType("application/problem+json");
    }

    @Test
    void shouldAnswerUnknownAndMalformedIdsWith404() {
        as("vera")
                .get("/api/v1/releases/{id}", UUID.randomUUID())
                .then()
                .statusCode(404)
                .body("type", equalTo("urn:slipway:problem:not-found"));
        as("vera").get("/api/v1/releases/{id}/report", UUID.randomUUID()).then().statusCode(404);
        as("vera").get("/api/v1/releases/v8").then().statusCode(404);
    }

    @Test
    void shouldWantTheRole() {
        UUID id = releases.push("c1");

        given().get("/api/v1/releases").then().statusCode(401);
        as("robot").get("/api/v1/releases").then().statusCode(403);
        releases.wish("vera", id, "cancel", "no").statusCode(403);
        as("otto")
                .contentType(ContentType.JSON)
                .body(running("c0"))
                .put("/api/v1/applications/{app}/environments/production/current", releases.application())
                .then()
                .statusCode(403);
    }

    @Test
    void shouldListPageByPageTheNewestFirst() {
        releases.push("c1");
        releases.push("c2");
        releases.push("c3");

        String next = as("vera")
                .queryParam("application", releases.application())
                .queryParam("limit", 2)
                .get("/api/v1/releases")
                .then()
                .statusCode(200)
                .header("Link", containsString("rel=\"next\""))
                .body("items.version", contains("c3", "c2"))
                .extract()
                .path("next");

        as("vera")
                .queryParam("application", releases.application())
                .queryParam("limit", 2)
                .queryParam("cursor", next)
                .get("/api/v1/releases")
                .then()
                .body("items.version", contains("c1"))
                .body("next", nullValue());
    }

    @Test
    void shouldFilterByEnvironmentAndPhase() {
        releases.push("c1");
        releases.push("c2");

        releases.list(Map.of("phase", "superseded")).body("items.version", contains("c1"));
        releases.list(Map.of("phase", "created", "environment", releases.application() + "/production"))
                .body("items.version", contains("c2"));
        releases.list(Map.of("environment", "staging")).body("items", hasSize(0));
    }

    @Test
    void shouldDescribeItself() {
        given().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .body("paths.keySet()", hasItem("/api/v1/releases/{id}/report"))
                .body(
                        "paths.keySet()",
                        hasItem("/api/v1/applications/{application}/environments/{environment}/current"));
    }
}
