package dev.slipway.deploy.report;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.slipway.deploy.ServiceBackends;
import dev.slipway.deploy.candidate.Candidate;
import dev.slipway.deploy.candidate.Candidates;
import dev.slipway.deploy.gate.AskGates;
import dev.slipway.deploy.manifest.DeployManifest;
import dev.slipway.deploy.release.QueueRelease;
import dev.slipway.eventing.Ids;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.eventing.WorkRunner;
import dev.slipway.manifest.Manifests;
import dev.slipway.manifest.StoredManifest;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What people see and may do, over HTTP; every test has an application of its own.
@QuarkusTest
@QuarkusTestResource(ServiceBackends.class)
class ReleaseApiTest {
    private static final String MANIFEST = """
            application: %s
            repository: acme/shop
            artifact: pkg:generic/shop@${commit}
            webhooks:
              github: {secrets: ["${env:SLIPWAY_REF_GITHUB_SECRET}"], workflow: CI, branches: [main]}
            environments:
              - name: production
                url: http://shop.example
                target:
                  type: script
                  deploy: {command: [deploy.sh], timeout: PT40S}
                  running: {command: [running.sh], timeout: PT1S}
                gates: {approvals: [technical-lead, business]}
                plan: [deploy]
            """;

    @Inject
    Jdbi jdbi;

    @Inject
    Clock clock;

    @Inject
    Manifests<DeployManifest> manifests;

    @Inject
    Candidates candidates;

    @Inject
    QueueRelease queue;

    @Inject
    WorkQueue work;

    @Inject
    AskGates gates;

    private final String application = "shop-" + Long.toHexString(System.nanoTime());

    @BeforeEach
    void manifest() {
        as("ada")
                .contentType("application/yaml")
                .body(MANIFEST.formatted(application).getBytes(UTF_8))
                .put("/api/v1/applications/{app}/manifest", application)
                .then()
                .statusCode(200);
    }

    @Test
    void shouldShowAReleaseWithItsGatesAndItsPlanBeforeItStarts() {
        UUID id = push("c1");
        askGates();

        get(id).body("id", equalTo(id.toString()))
                .body("application", equalTo(application))
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

    @Test
    void shouldStartOnceBothRolesHaveApproved() {
        UUID id = push("c1");

        approve("mara", id, "technical-lead").statusCode(200).body("person", equalTo("mara"));
        approve("tomas", id, "business").statusCode(200);
        askGates();

        get(id).body("phase", equalTo("running"))
                .body("number", equalTo(1))
                .body("startedAt", notNullValue())
                .body("approvals.role", contains("technical-lead", "business"));
        approve("tomas", id, "business")
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:slipway:problem:past-approval"))
                .body("phase", equalTo("running"));
    }

    @Test
    void shouldRefuseTheRequestersOwnApproval() {
        UUID id = push("c1");

        approve("rafael", id, "business").statusCode(403).body("type", equalTo("urn:slipway:problem:own-release"));
    }

    @Test
    void shouldRememberWhatCallersAreCalledElsewhere() {
        as("rafael").get("/api/v1/releases").then().statusCode(200);

        List<String> aliases =
                jdbi.withHandle(tx -> tx.createQuery("select alias from person_alias where person = 'rafael'")
                        .mapTo(String.class)
                        .list());
        assertThat(aliases).containsExactly("github:rafael-r");
    }

    @Test
    void shouldOverrideNothingThatTheManifestLetsNobodyOverride() {
        UUID id = push("c1");

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

    @Test
    void shouldRefuseApprovalsByThoseWhoMayNot() {
        UUID id = push("c1");

        approve("mara", id, "business").statusCode(403);
        approve("vera", id, "business").statusCode(403);
        approve("mara", id, "pope").statusCode(422).body("faults.path", contains("role"));
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
    void shouldCancelAndReportThat() {
        UUID id = push("c1");

        wish("otto", id, "cancel", "not today")
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
        wish("otto", id, "cancel", "again").statusCode(200).body("changed", equalTo(false));
    }

    @Test
    void shouldRefuseWhatCannotBeNowWithTheState() {
        UUID id = push("c1");

        wish("otto", id, "rollback", "looks bad")
                .statusCode(409)
                .body("type", equalTo("urn:slipway:problem:not-now"))
                .body("phase", equalTo("created"))
                .body("detail", containsString("cancel it"));

        // the refusal is on record
        as("vera").get("/api/v1/releases/{id}/report", id).then().body("history.decision", hasItem("refuse"));
    }

    @Test
    void shouldPauseAndResume() {
        UUID id = push("c1");

        wish("otto", id, "pause", "a freeze").body("phase", equalTo("paused")).body("state.of", equalTo("created"));
        wish("otto", id, "resume", "over").body("phase", equalTo("created"));
    }

    @Test
    void shouldUndoARunningReleaseWhenAsked() {
        UUID id = push("c1");
        approve("mara", id, "technical-lead");
        approve("tomas", id, "business");
        askGates();

        wish("otto", id, "rollback", "looks bad").statusCode(200).body("phase", equalTo("rollingBack"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rollback", "cancel", "pause"})
    void shouldWantAReason(String wish) {
        UUID id = push("c1");

        as("otto")
                .contentType(ContentType.JSON)
                .body("{}")
                .post("/api/v1/releases/{id}/{wish}", id, wish)
                .then()
                .statusCode(422)
                .body("faults.path", contains("reason"));
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
        UUID id = push("c1");

        given().get("/api/v1/releases").then().statusCode(401);
        as("robot").get("/api/v1/releases").then().statusCode(403);
        wish("vera", id, "cancel", "no").statusCode(403);
        as("otto")
                .contentType(ContentType.JSON)
                .body(running("c0"))
                .put("/api/v1/applications/{app}/environments/production/current", application)
                .then()
                .statusCode(403);
    }

    @Test
    void shouldListPageByPageTheNewestFirst() {
        push("c1");
        push("c2");
        push("c3");

        String next = as("vera")
                .queryParam("application", application)
                .queryParam("limit", 2)
                .get("/api/v1/releases")
                .then()
                .statusCode(200)
                .header("Link", containsString("rel=\"next\""))
                .body("items.version", contains("c3", "c2"))
                .extract()
                .path("next");

        as("vera")
                .queryParam("application", application)
                .queryParam("limit", 2)
                .queryParam("cursor", next)
                .get("/api/v1/releases")
                .then()
                .body("items.version", contains("c1"))
                .body("next", nullValue());
    }

    @Test
    void shouldFilterByEnvironmentAndPhase() {
        push("c1");
        push("c2");

        list(Map.of("phase", "superseded")).body("items.version", contains("c1"));
        list(Map.of("phase", "created", "environment", application + "/production"))
                .body("items.version", contains("c2"));
        list(Map.of("environment", "staging")).body("items", hasSize(0));
    }

    @Test
    void shouldAdoptWhatRunsAlready() {
        adopt(running("c0"))
                .statusCode(200)
                .body("environment", equalTo(application + "/production"))
                .body("current.number", equalTo(1))
                .body("current.kind", equalTo("adopted"))
                .body("current.phase", equalTo("completed"))
                .body("current.target", equalTo("default"));
        adopt(running("c0")).statusCode(200).body("current.number", equalTo(1));

        as("vera")
                .get("/api/v1/applications/{app}/environments", application)
                .then()
                .statusCode(200)
                .body("items.name", contains("production"))
                .body("items[0].current.version", equalTo("c0"))
                .body("items[0].running", nullValue());
        list(Map.of("phase", "completed")).body("items.kind", contains("adopted"));
    }

    @Test
    void shouldNameEveryFaultOfWhatIsSaidToRun() {
        adopt(Map.of("version", "c0", "target", "green"))
                .statusCode(422)
                .body("faults.path", contains("commit", "artifact", "target"));
        as("ada")
                .contentType(ContentType.JSON)
                .body(running("c0"))
                .put("/api/v1/applications/{app}/environments/moon/current", application)
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
        UUID id = push("c1");
        approve("mara", id, "technical-lead");
        approve("tomas", id, "business");
        askGates();

        adopt(running("c0"))
                .statusCode(409)
                .body("type", equalTo("urn:slipway:problem:environment-taken"))
                .body("release", equalTo(id.toString()));
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

    private UUID push(String version) {
        StoredManifest<DeployManifest> manifest = manifests.current(application).orElseThrow();
        Candidate candidate = new Candidate(
                Ids.next(clock),
                application,
                version,
                version,
                "main",
                "pkg:generic/shop@" + version,
                "rafael-r",
                null,
                List.of(),
                null,
                clock.instant());
        return jdbi.inTransaction(tx -> {
            assertThat(candidates.add(tx, candidate)).isTrue();
            return queue.first(tx, candidate, manifest.sections(), manifest.hash());
        });
    }

    private void askGates() {
        new WorkRunner(jdbi, work, clock, "test", Duration.ofSeconds(15), List.of(gates)).runDue();
    }

    private static Map<String, String> running(String version) {
        return Map.of("version", version, "commit", version, "artifact", "pkg:generic/shop@" + version);
    }

    private ValidatableResponse adopt(Map<String, String> running) {
        return as("ada")
                .contentType(ContentType.JSON)
                .body(running)
                .put("/api/v1/applications/{app}/environments/production/current", application)
                .then();
    }

    private ValidatableResponse get(UUID id) {
        return as("vera").get("/api/v1/releases/{id}", id).then().statusCode(200);
    }

    private ValidatableResponse list(Map<String, String> filter) {
        return as("vera")
                .queryParam("application", application)
                .queryParams(filter)
                .get("/api/v1/releases")
                .then()
                .statusCode(200);
    }

    private ValidatableResponse approve(String who, UUID id, String role) {
        return as(who).contentType(ContentType.JSON)
                .body(Map.of("role", role, "note", "fine"))
                .post("/api/v1/releases/{id}/approvals", id)
                .then();
    }

    private ValidatableResponse wish(String who, UUID id, String wish, String reason) {
        return as(who).contentType(ContentType.JSON)
                .body(wish.equals("resume") ? Map.of() : Map.of("reason", reason))
                .post("/api/v1/releases/{id}/{wish}", id, wish)
                .then();
    }

    private static RequestSpecification as(String who) {
        return given().auth().oauth2(who + "-token");
    }
}
