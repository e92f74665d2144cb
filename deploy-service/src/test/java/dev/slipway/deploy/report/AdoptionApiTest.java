package dev.slipway.deploy.report;

import static dev.slipway.deploy.report.ReleasesOverHttp.as;
import static dev.slipway.deploy.report.ReleasesOverHttp.running;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.slipway.deploy.ServiceBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Telling what runs already, over HTTP.
@QuarkusTest
@QuarkusTestResource(ServiceBackends.class)
class AdoptionApiTest {
    @Inject
    ReleasesOverHttp releases;

    @Test
    void shouldAdoptWhatRunsAlready() {
        releases.adopt(running("c0"))
                .statusCode(200)
                .body("environment", equalTo(releases.application() + "/production"))
                .body("current.number", equalTo(1))
                .body("current.kind", equalTo("adopted"))
                .body("current.phase", equalTo("completed"))
                .body("current.target", equalTo("default"));
        releases.adopt(running("c0")).statusCode(200).body("current.number", equalTo(1));

        as("vera")
                .get("/api/v1/applications/{app}/environments", releases.application())
                .then()
                .statusCode(200)
                .body("items.name", contains("production"))
                .body("items[0].current.version", equalTo("c0"))
                .body("items[0].running", nullValue());
        releases.list(Map.of("phase", "completed")).body("items.kind", contains("adopted"));
    }

    @Test
    void shouldNameEveryFaultOfWhatIsSaidToRun() {
        releases.adopt(Map.of("version", "c0", "target", "green"))
                .statusCode(422)
                .body("faults.path", contains("commit", "artifact", "target"));
        as("ada")
                .contentType(ContentType.JSON)
                .body(running("c0"))
                .put("/api/v1/applications/{app}/environments/moon/current", releases.application())
                .then()
                .statusCode(404);
        as("ada")
                .contentType(ContentType.JSON)
                .body(running("c0"))
                .put("/api/v1/applications/nobody/environments/production/current")
                .then()
                .statusCode(404);
    }

    @Test
    void shouldNotAdoptWhileAReleaseRuns() {
        UUID id = releases.push("c1");
        releases.approve("mara", id, "technical-lead");
        releases.approve("tomas", id, "business");
        releases.askGates();

        releases.adopt(running("c0"))
                .statusCode(409)
                .body("type", equalTo("urn:slipway:problem:environment-taken"))
                .body("release", equalTo(id.toString()));
    }
}
