package dev.slipway.deploy.report;

import static dev.slipway.deploy.report.ReleasesOverHttp.as;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.slipway.deploy.ServiceBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What operators may ask of a release, over HTTP.
@QuarkusTest
@QuarkusTestResource(ServiceBackends.class)
class WishApiTest {
    @Inject
    ReleasesOverHttp releases;

    @Test
    void shouldCancelAndReportThat() {
        UUID id = releases.push("c1");

        releases.wish("otto", id, "cancel", "not today")
                .statusCode(200)
                .body("changed", equalTo(true))
                .body("phase", equalTo("cancelled"));

        as("vera")
                .get("/api/v1/releases/{id}/report", id)
                .then()
                .statusCode(200)
                .body("overall", equalTo("FAIL"))
                .body("release.phase", equalTo("cancelled"))
                .body("issues", contains("otto: not today"))
                .body("steps.state", contains("skipped"));
        releases.wish("otto", id, "cancel", "again").statusCode(200).body("changed", equalTo(false));
    }

    @Test
    void shouldRefuseWhatCannotBeNowWithTheState() {
        UUID id = releases.push("c1");

        releases.wish("otto", id, "rollback", "looks bad")
                .statusCode(409)
                .body("type", equalTo("urn:slipway:problem:not-now"))
                .body("phase", equalTo("created"))
                .body("detail", containsString("cancel it"));

        // the refusal is on record
        as("vera").get("/api/v1/releases/{id}/report", id).then().body("history.decision", hasItem("refuse"));
    }

    @Test
    void shouldPauseAndResume() {
        UUID id = releases.push("c1");

        releases.wish("otto", id, "pause", "a freeze")
                .body("phase", equalTo("paused"))
                .body("state.of", equalTo("created"));
        releases.wish("otto", id, "resume", "over").body("phase", equalTo("created"));
    }

    @Test
    void shouldUndoARunningReleaseWhenAsked() {
        UUID id = releases.push("c1");
        releases.approve("mara", id, "technical-lead");
        releases.approve("tomas", id, "business");
        releases.askGates();

        releases.wish("otto", id, "rollback", "looks bad").statusCode(200).body("phase", equalTo("rollingBack"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rollback", "cancel", "pause"})
    void shouldWantAReason(String wish) {
        UUID id = releases.push("c1");

        as("otto")
                .contentType(ContentType.JSON)
                .body("{}")
                .post("/api/v1/releases/{id}/{wish}", id, wish)
                .then()
                .statusCode(422)
                .body("faults.path", contains("reason"));
    }
}
