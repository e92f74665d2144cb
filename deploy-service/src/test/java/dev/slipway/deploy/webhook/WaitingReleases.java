package dev.slipway.deploy.webhook;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.deploy.gate.AskGates;
import dev.slipway.deploy.release.QueueCandidates;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.eventing.WorkRunner;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/// Releases that CI's deliveries brought and that wait for approvals, each of an application of its own.
@Singleton
class WaitingReleases {
    private final Jdbi jdbi;
    private final WorkQueue work;
    private final Clock clock;
    private final QueueCandidates queueCandidates;
    private final AskGates gates;

    WaitingReleases(Jdbi jdbi, WorkQueue work, Clock clock, QueueCandidates queueCandidates, AskGates gates) {
        this.jdbi = jdbi;
        this.work = work;
        this.clock = clock;
        this.queueCandidates = queueCandidates;
        this.gates = gates;
    }

    /// A new one, of the build that [WorkflowRuns#good()] tells of. @return its id
    String open(URI base) throws IOException, InterruptedException {
        WebhookShop shop = WebhookShop.open(base);
        given().auth()
                .oauth2("ada-token")
                .contentType("application/yaml")
                .body(manifest(shop.application()).getBytes(UTF_8))
                .put("/api/v1/applications/{app}/manifest", shop.application())
                .then()
                .statusCode(200);
        shop.deliver("d-1", "workflow_run", WorkflowRuns.good());
        runDue();
        return given().auth()
                .oauth2("vera-token")
                .queryParam("application", shop.application())
                .get("/api/v1/releases")
                .then()
                .extract()
                .path("items[0].id");
    }

    void runDue() {
        new WorkRunner(jdbi, work, clock, "test", Duration.ofSeconds(15), List.of(queueCandidates, gates)).runDue();
    }

    static String manifest(String application) {
        return """
                application: %s
                repository: acme/shop
                artifact: pkg:generic/shop@${commit}
                webhooks:
                  github: {secrets: ["${env:SLIPWAY_REF_GITHUB_SECRET}"], workflow: CI, branches: [main]}
                databases:
                  - {name: orders, type: postgresql, environment: production}
                environments:
                  - name: production
                    url: http://shop.example
                    target:
                      type: script
                      deploy: {command: [deploy.sh], timeout: PT40S}
                      running: {command: [running.sh], timeout: PT1S}
                    gates:
                      approvals: [technical-lead, business]
                      backup: {database: orders, maxAge: PT2H, locations: 1, proof: readback, timeout: PT1M}
                      overrides: {backup: technical-lead}
                    plan: [deploy]
                """.formatted(application);
    }
}
