package dev.slipway.deploy.report;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.Dependent;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/// Releases of an application of one's own, over HTTP: `ada` is admin, `otto` operator, `vera` viewer, `mara` and
/// `tomas` approve, `rafael` started the build.
@Dependent
final class ReleasesOverHttp {
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

    private final Jdbi jdbi;
    private final Clock clock;
    private final Manifests<DeployManifest> manifests;
    private final Candidates candidates;
    private final QueueRelease queue;
    private final WorkQueue work;
    private final AskGates gates;
    private final String application = "shop-" + Long.toHexString(System.nanoTime());

    ReleasesOverHttp(
            Jdbi jdbi,
            Clock clock,
            Manifests<DeployManifest> manifests,
            Candidates candidates,
            QueueRelease queue,
            WorkQueue work,
            AskGates gates) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.manifests = manifests;
        this.candidates = candidates;
        this.queue = queue;
        this.work = work;
        this.gates = gates;
    }

    @PostConstruct
    void manifest() {
        manifests.put(application, MANIFEST.formatted(application).getBytes(UTF_8), "ada", Optional.empty());
    }

    Jdbi jdbi() {
        return jdbi;
    }

    String application() {
        return application;
    }

    UUID push(String version) {
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

    void askGates() {
        new WorkRunner(jdbi, work, clock, "test", Duration.ofSeconds(15), List.of(gates)).runDue();
    }

    static Map<String, String> running(String version) {
        return Map.of("version", version, "commit", version, "artifact", "pkg:generic/shop@" + version);
    }

    ValidatableResponse adopt(Map<String, String> running) {
        return as("ada")
                .contentType(ContentType.JSON)
                .body(running)
                .put("/api/v1/applications/{app}/environments/production/current", application)
                .then();
    }

    ValidatableResponse get(UUID id) {
        return as("vera").get("/api/v1/releases/{id}", id).then().statusCode(200);
    }

    ValidatableResponse list(Map<String, String> filter) {
        return as("vera")
                .queryParam("application", application)
                .queryParams(filter)
                .get("/api/v1/releases")
                .then()
                .statusCode(200);
    }

    ValidatableResponse approve(String who, UUID id, String role) {
        return as(who).contentType(ContentType.JSON)
                .body(Map.of("role", role, "note", "fine"))
                .post("/api/v1/releases/{id}/approvals", id)
                .then();
    }

    ValidatableResponse wish(String who, UUID id, String wish, String reason) {
        return as(who).contentType(ContentType.JSON)
                .body(wish.equals("resume") ? Map.of() : Map.of("reason", reason))
                .post("/api/v1/releases/{id}/{wish}", id, wish)
                .then();
    }

    static RequestSpecification as(String who) {
        return given().auth().oauth2(who + "-token");
    }
}
