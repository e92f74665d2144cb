package dev.slipway.deploy.webhook;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.ServiceBackends;
import dev.slipway.deploy.release.QueueCandidates;
import dev.slipway.testkit.AuditCoverage;
import dev.slipway.testkit.http.WalkAudit;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/// Nothing changes here without leaving word of who did it, and why.
@QuarkusTest
@QuarkusTestResource(ServiceBackends.class)
class AuditTest {
    @TestHTTPResource("/")
    URI base;

    @Inject
    Jdbi jdbi;

    @Inject
    Clock clock;

    @Inject
    QueueCandidates queueCandidates;

    @Inject
    WaitingReleases releases;

    @Test
    void shouldLeaveWordOfEveryOperationThatChangesSomething() throws Exception {
        assertThat(new WalkAudit(base, "ada-token", jdbi).findings(acts())).isEmpty();
    }

    @Test
    void shouldKeepNoTableOutOfTheAuditWithoutAReason() {
        Set<String> without = new HashSet<>(AuditCoverage.withoutAuditAnywhere());
        // What candidates, their deliveries and tokens say.
        without.addAll(Set.of("candidate", "candidate_due", "build", "delivery_body", "person_alias"));

        assertThat(without).containsAll(AuditCoverage.tablesWithoutAudit(jdbi));
    }

    @Test
    void shouldPutTheWayOfACandidateDownToTheWebhookAndToTimers() throws Exception {
        long before = newest();
        WebhookShop shop = WebhookShop.open(base);

        String body = WorkflowRuns.good();
        shop.send(shop.delivery(
                        shop.application(),
                        "d-1",
                        "workflow_run",
                        GitHubSignature.header(body.getBytes(UTF_8), ServiceBackends.SECRET))
                .setHeader("User-Agent", "GitHub-Hookshot/abc")
                .POST(BodyPublishers.ofString(body))
                .build());
        releases.runDue();

        JsonPath rows = audit(Map.of("application", shop.application(), "limit", "200"));
        assertThat(rows.getMap("items.find { it.kind == 'delivery' }"))
                .containsEntry("cause", "webhook")
                .containsEntry("address", "127.0.0.1")
                .containsEntry("agent", "GitHub-Hookshot/abc")
                .containsEntry("change", "created");
        assertThat(rows.getString("items.find { it.kind == 'delivery' }.new.deliveries[0].delivery"))
                .isEqualTo("d-1");
        assertThat(rows.getMap("items.find { it.kind == 'release' && it.change == 'created' }"))
                .containsEntry("cause", "timer")
                .containsEntry("action", queueCandidates.kind());
        assertThat(rows.getList("items.cause")).doesNotContain("database");
        assertThat(newest()).isGreaterThan(before);
    }

    @Test
    void shouldWriteOneRowOfACrowdOfDeliveriesAndNoneOfForgeries() {
        String application = "crowd-" + UUID.randomUUID();

        jdbi.useTransaction(tx -> tx.createUpdate("""
                        insert into delivery (id, application, provider, delivery, event, verified, verdict, reason,
                                              received_at, body_sha256)
                        select gen_random_uuid(), :application, 'github', 'd-' || n, 'ping', n <= 100,
                               case when n <= 100 then 'ignored' else 'refused' end, '', :now, ''
                        from generate_series(1, 150) n""")
                .bind("application", application)
                .bind("now", clock.instant())
                .execute());

        JsonPath rows = audit(Map.of("application", application));
        assertThat(rows.getList("items")).hasSize(1);
        assertThat(rows.getString("items[0].subject")).isEqualTo("100 deliveries");
        assertThat(rows.getList("items[0].new.deliveries")).hasSize(100);
    }

    private Map<String, WalkAudit.Act> acts() throws Exception {
        WebhookShop shop = WebhookShop.open(base);
        Map<String, WalkAudit.Act> acts = new WalkAudit(base, "ada-token", jdbi).acts();
        acts.put(
                "POST /api/v1/webhooks/github/{application}",
                () -> shop.deliver("d-1", "workflow_run", WorkflowRuns.good()));
        acts.put(
                "PUT /api/v1/applications/{application}/manifest",
                () -> as("ada")
                        .contentType("application/yaml")
                        .body(WaitingReleases.manifest("audited-" + shop.application())
                                .getBytes(UTF_8))
                        .put("/api/v1/applications/audited-{app}/manifest", shop.application())
                        .then()
                        .statusCode(200));
        acts.put(
                "PUT /api/v1/applications/{application}/environments/{environment}/current",
                () -> json("ada")
                        .body(Map.of("version", "c0", "commit", "c0", "artifact", "pkg:generic/shop@c0"))
                        .put("/api/v1/applications/{app}/environments/staging/current", shop.application())
                        .then()
                        .statusCode(200));
        acts.put("POST /api/v1/tokens", this::token);
        acts.put(
                "POST /api/v1/tokens/{id}/rotate",
                () -> json("ada")
                        .body("{}")
                        .post("/api/v1/tokens/{id}/rotate", token())
                        .then()
                        .statusCode(200));
        acts.put(
                "POST /api/v1/tokens/{id}/revoke",
                () -> json("ada")
                        .body("{\"reason\": \"lost\"}")
                        .post("/api/v1/tokens/{id}/revoke", token())
                        .then()
                        .statusCode(200));
        acts.put(
                "POST /api/v1/releases/{id}/approvals",
                () -> json("mara")
                        .body("{\"role\": \"technical-lead\"}")
                        .post("/api/v1/releases/{id}/approvals", releases.open(base))
                        .then()
                        .statusCode(200));
        acts.put(
                "POST /api/v1/releases/{id}/overrides",
                () -> json("mara")
                        .body("{\"gate\": \"backup\", \"reason\": \"why not\"}")
                        .post("/api/v1/releases/{id}/overrides", releases.open(base))
                        .then()
                        .statusCode(200));
        for (String wish : List.of("rollback", "cancel", "pause", "resume", "choice")) {
            acts.put(
                    "POST /api/v1/releases/{id}/" + wish,
                    () -> json("otto")
                            .body(
                                    switch (wish) {
                                        case "resume" -> "{}";
                                        case "choice" -> "{\"choice\": \"retry\", \"reason\": \"why not\"}";
                                        default -> "{\"reason\": \"why not\"}";
                                    })
                            .post("/api/v1/releases/{id}/{wish}", releases.open(base), wish));
        }
        return acts;
    }

    private String token() {
        return json("ada")
                .body(Map.of("name", "t-" + UUID.randomUUID(), "person", "mara", "roles", List.of("viewer")))
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .extract()
                .path("token.id");
    }

    private long newest() {
        return jdbi.withHandle(handle -> handle.createQuery("select coalesce(max(seq), 0) from audit")
                .mapTo(Long.class)
                .one());
    }

    private static JsonPath audit(Map<String, String> filter) {
        return as("otto")
                .queryParams(filter)
                .get("/api/v1/audit")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private static RequestSpecification json(String name) {
        return as(name).contentType(ContentType.JSON);
    }

    private static RequestSpecification as(String name) {
        return given().auth().oauth2(name + "-token");
    }
}
