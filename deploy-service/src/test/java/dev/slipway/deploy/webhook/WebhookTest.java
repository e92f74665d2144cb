package dev.slipway.deploy.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.deploy.ServiceBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Deliveries over HTTP into the real database; every test has an application of its own.
@QuarkusTest
@QuarkusTestResource(ServiceBackends.class)
class WebhookTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String MANIFEST = """
            application: %s
            repository: acme/shop
            artifact: pkg:generic/shop@${commit}
            webhooks:
              github:
                secrets: ["${env:SLIPWAY_REF_GITHUB_SECRET}", "${env:SLIPWAY_REF_NEXT_SECRET}"]
                workflow: CI
                branches: [main]
            environments:
              - name: staging
                url: http://shop.example
                target:
                  type: script
                  deploy: {command: [deploy.sh], timeout: PT40S}
                  running: {command: [running.sh], timeout: PT1S}
                plan: [deploy]
            """;

    @TestHTTPResource("/")
    URI base;

    @Inject
    Jdbi jdbi;

    private final String application = "shop-" + Long.toHexString(System.nanoTime());

    @BeforeEach
    void manifest() throws Exception {
        HttpResponse<String> answer = HTTP.send(
                request("api/v1/applications/" + application + "/manifest")
                        .header("Authorization", "Bearer ada-token")
                        .header("Content-Type", "application/yaml")
                        .PUT(BodyPublishers.ofString(MANIFEST.formatted(application)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void shouldMakeACandidateItsReleaseAndItsEventOfOneSignedDelivery() throws Exception {
        HttpResponse<String> answer = deliver("d-1", "workflow_run", WorkflowRuns.good());

        assertThat(answer.statusCode()).isEqualTo(202);
        JsonNode told = JSON.readTree(answer.body());
        assertThat(told.get("verdict").textValue()).isEqualTo("candidate");
        UUID candidate = UUID.fromString(told.get("candidate").textValue());
        assertThat(rows("select artifact from candidate where id = ?", candidate))
                .containsExactly("pkg:generic/shop@" + WorkflowRuns.COMMIT);
        assertThat(rows("select requester || ', ' || author from candidate where id = ?", candidate))
                .containsExactly("mara-k, Jo Doe");
        assertThat(rows("select environment from release where candidate = ?", candidate))
                .containsExactly("staging");
        assertThat(rows("select type from outbox where chain_id = ? order by seq", candidate))
                .containsExactlyInAnyOrder(
                        "dev.cdeventsx.slipway-candidate.accepted.0.1.0", "dev.cdevents.pipelinerun.queued.0.3.0");
    }

    @Test
    void shouldAnswerARepeatedDeliveryTheSameAndChangeNothing() throws Exception {
        HttpResponse<String> first = deliver("d-1", "workflow_run", WorkflowRuns.good());
        long events = count("select count(*) from outbox");

        HttpResponse<String> again = deliver("d-1", "workflow_run", WorkflowRuns.good());

        assertThat(again.statusCode()).isEqualTo(first.statusCode());
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(count("select count(*) from candidate where application = ?", application))
                .isEqualTo(1);
        assertThat(count("select count(*) from release where application = ?", application))
                .isEqualTo(1);
        assertThat(count("select count(*) from outbox")).isEqualTo(events);
        assertThat(listed()).containsExactly("duplicate d-1", "candidate d-1");
    }

    @Test
    void shouldNoticeARepeatedIdWithAnotherBody() throws Exception {
        HttpResponse<String> first = deliver("d-1", "workflow_run", WorkflowRuns.good());

        HttpResponse<String> other = deliver("d-1", "workflow_run", WorkflowRuns.good(4712, 1));

        assertThat(other.statusCode()).isEqualTo(202);
        assertThat(other.body()).isEqualTo(first.body());
        assertThat(listed()).containsExactly("altered d-1", "candidate d-1");
        assertThat(count("select count(*) from build where application = ?", application))
                .isEqualTo(1);
    }

    @Test
    void shouldMakeOneCandidateOfOneRunUnderDifferentDeliveryIds() throws Exception {
        String candidate = JSON.readTree(
                        deliver("d-1", "workflow_run", WorkflowRuns.good()).body())
                .get("candidate")
                .textValue();

        JsonNode second = JSON.readTree(
                deliver("d-2", "workflow_run", WorkflowRuns.good()).body());

        assertThat(second.get("verdict").textValue()).isEqualTo("duplicate");
        assertThat(second.get("reason").textValue()).isEqualTo("run 4711, attempt 1 was told of before");
        assertThat(second.get("candidate").textValue()).isEqualTo(candidate);
        assertThat(count("select count(*) from release where application = ?", application))
                .isEqualTo(1);
    }

    @Test
    void shouldNotReleaseACommitAgainBecauseItsRunWasRunAgain() throws Exception {
        deliver("d-1", "workflow_run", WorkflowRuns.good(4711, 1));

        JsonNode again = JSON.readTree(
                deliver("d-2", "workflow_run", WorkflowRuns.good(4711, 2)).body());

        assertThat(again.get("verdict").textValue()).isEqualTo("duplicate");
        assertThat(again.get("reason").textValue()).endsWith("is a candidate already");
        assertThat(count("select count(*) from build where application = ?", application))
                .isEqualTo(2);
        assertThat(count("select count(*) from release where application = ?", application))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldMakeOneCandidateOfDeliveriesAtTheSameMoment(boolean sameId) throws Exception {
        List<HttpResponse<String>> answers = new ArrayList<>();
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<HttpResponse<String>>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String id = sameId ? "d" : "d" + i;
                all.add(() -> deliver(id, "workflow_run", WorkflowRuns.good()));
            }
            for (Future<HttpResponse<String>> answer : senders.invokeAll(all)) {
                answers.add(answer.get());
            }
        }

        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(202);
        assertThat(count("select count(*) from candidate where application = ?", application))
                .isEqualTo(1);
        assertThat(count("select count(*) from release where application = ?", application))
                .isEqualTo(1);
        assertThat(count("select count(*) from delivery where application = ? and verdict = 'candidate'", application))
                .isEqualTo(1);
        assertThat(count("select count(*) from delivery where application = ? and verdict = 'duplicate'", application))
                .isEqualTo(7);
    }

    @Test
    void shouldRefuseAWrongSignatureAndChangeNothing() throws Exception {
        String body = WorkflowRuns.good();
        String signature = GitHubSignature.header(body.getBytes(UTF_8), "a guess");

        HttpResponse<String> answer = deliver("d-1", "workflow_run", signature, BodyPublishers.ofString(body));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(count("select count(*) from candidate where application = ?", application))
                .isZero();
        assertThat(listed()).containsExactly("refused d-1");
        assertThat(count("select count(*) from delivery where application = ? and payload is not null", application))
                .isZero();
    }

    @Test
    void shouldTakeTheGenuineDeliveryAfterAForgedOneWithItsId() throws Exception {
        deliver("d-1", "workflow_run", "sha256=00", BodyPublishers.ofString("{}"));

        HttpResponse<String> genuine = deliver("d-1", "workflow_run", WorkflowRuns.good());

        assertThat(JSON.readTree(genuine.body()).get("verdict").textValue()).isEqualTo("candidate");
        assertThat(listed()).containsExactly("candidate d-1", "refused d-1");
    }

    @Test
    void shouldVerifyTheBytesAsTheyCame() throws Exception {
        byte[] body = (WorkflowRuns.good() + "\r\n\u00fc\ufeff ").getBytes(UTF_8);
        String signature = GitHubSignature.header(body, ServiceBackends.NEXT_SECRET);

        HttpResponse<String> answer = deliver("d-1", "workflow_run", signature, BodyPublishers.ofByteArray(body));

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(rows("select encode(payload, 'hex') from delivery where application = ?", application))
                .containsExactly(HexFormat.of().formatHex(body));
    }

    @Test
    void shouldAnswerForAnUnknownApplicationAsForAWrongSignature() throws Exception {
        HttpResponse<String> wrong = deliver("d-1", "ping", "sha256=00", BodyPublishers.ofString("{}"));

        HttpResponse<String> unknown = HTTP.send(
                delivery("no-such-shop", "d-1", "ping", "sha256=00")
                        .POST(BodyPublishers.ofString("{}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(unknown.statusCode()).isEqualTo(wrong.statusCode());
        assertThat(unknown.body()).isEqualTo(wrong.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ping", "push", "something_new"})
    void shouldAcknowledgeAndKeepWhatStartsNothing(String event) throws Exception {
        HttpResponse<String> answer = deliver("d-1", event, "{}");

        assertThat(answer.statusCode()).isEqualTo(202);
        JsonNode told = JSON.readTree(answer.body());
        assertThat(told.get("verdict").textValue()).isEqualTo("ignored");
        assertThat(told.get("event").textValue()).isEqualTo(event);
        assertThat(told.has("candidate")).isFalse();
        assertThat(listed()).containsExactly("ignored d-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-GitHub-Delivery", "X-GitHub-Event", "X-Hub-Signature-256"})
    void shouldNameTheHeaderThatIsMissing(String missing) throws Exception {
        HttpRequest whole = delivery(application, "d-1", "ping", "sha256=00")
                .POST(BodyPublishers.ofString("{}"))
                .build();
        HttpRequest without = HttpRequest.newBuilder(whole, (name, _) -> !name.equalsIgnoreCase(missing))
                .build();

        HttpResponse<String> answer = HTTP.send(without, HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).get("detail").textValue()).contains(missing);
        assertThat(listed()).isEmpty();
    }

    @Test
    void shouldRefuseABodyThatGitHubWouldNotSend() throws Exception {
        byte[] large = new byte[WebhookResource.LARGEST_BODY + 1];

        HttpResponse<String> announced = deliver("d-1", "ping", "sha256=00", BodyPublishers.ofByteArray(large));
        HttpResponse<String> unannounced = deliver(
                "d-2", "ping", "sha256=00", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)));

        assertThat(announced.statusCode()).isEqualTo(413);
        assertThat(unannounced.statusCode()).isEqualTo(413);
        assertThat(listed()).isEmpty();
    }

    @Test
    void shouldTakeTheLargestBodyThatGitHubSends() throws Exception {
        byte[] large = new byte[WebhookResource.LARGEST_BODY];
        String signature = GitHubSignature.header(large, ServiceBackends.SECRET);

        HttpResponse<String> answer = deliver("d-1", "push", signature, BodyPublishers.ofByteArray(large));

        assertThat(answer.statusCode()).isEqualTo(202);
    }

    @Test
    void shouldListDeliveriesPageByPage() throws Exception {
        for (int i = 1; i <= 5; i++) {
            deliver("d-" + i, "ping", "{}");
        }

        JsonNode first = list("?limit=2&verdict=ignored&application=" + application);
        JsonNode second = list("?limit=2&application=" + application + "&cursor="
                + first.get("next").textValue());
        JsonNode third = list("?limit=2&application=" + application + "&cursor="
                + second.get("next").textValue());

        assertThat(first.get("items"))
                .extracting(item -> item.get("deliveryId").textValue())
                .containsExactly("d-5", "d-4");
        assertThat(second.get("items"))
                .extracting(item -> item.get("deliveryId").textValue())
                .containsExactly("d-3", "d-2");
        assertThat(third.get("items"))
                .extracting(item -> item.get("deliveryId").textValue())
                .containsExactly("d-1");
        assertThat(third.has("next")).isFalse();
    }

    @Test
    void shouldShowDeliveriesToThoseWhoMaySeeThem() throws Exception {
        HttpRequest anonymous = request("api/v1/webhooks/deliveries").build();
        HttpRequest robot = request("api/v1/webhooks/deliveries")
                .header("Authorization", "Bearer robot-token")
                .build();

        assertThat(HTTP.send(anonymous, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(401);
        assertThat(HTTP.send(robot, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(403);
        assertThat(list("?verdict=maybe").get("status").intValue()).isEqualTo(400);
    }

    @Test
    void shouldKeepOnlySoManyOfThoseNobodyProved() throws Exception {
        jdbi.useHandle(handle -> handle.execute("""
                insert into delivery (id, application, provider, delivery, event, verified, verdict, reason, received_at,
                                      body_sha256)
                select gen_random_uuid(), 'flood', 'github', 'f' || i, 'ping', false, 'refused', '', timestamptz '2020-01-01', ''
                from generate_series(1, ?) as i""", Deliveries.MOST_UNVERIFIED + 50));

        deliver("d-1", "ping", "sha256=00", BodyPublishers.ofString("{}"));

        assertThat(count("select count(*) from delivery where not verified")).isEqualTo(Deliveries.MOST_UNVERIFIED);
        assertThat(listed()).containsExactly("refused d-1");
    }

    @Test
    void shouldStoreNothingOfASecret() throws Exception {
        deliver("d-1", "workflow_run", WorkflowRuns.good());
        deliver("d-2", "ping", "sha256=00", BodyPublishers.ofString("{}"));

        for (String table : List.of("delivery", "candidate", "release", "outbox", "manifest")) {
            assertThat(count(
                            "select count(*) from " + table + " t where cast(t as text) like ?",
                            "%" + ServiceBackends.SECRET.replace("'", "''") + "%"))
                    .as(table)
                    .isZero();
        }
    }

    private HttpResponse<String> deliver(String id, String event, String body) throws Exception {
        String signature = GitHubSignature.header(body.getBytes(UTF_8), ServiceBackends.SECRET);
        return deliver(id, event, signature, BodyPublishers.ofString(body));
    }

    private HttpResponse<String> deliver(String id, String event, String signature, BodyPublisher body)
            throws IOException, InterruptedException {
        return HTTP.send(
                delivery(application, id, event, signature).POST(body).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder delivery(String to, String id, String event, String signature) {
        return request("api/v1/webhooks/github/" + to)
                .header("Content-Type", "application/json")
                .header("X-GitHub-Delivery", id)
                .header("X-GitHub-Event", event)
                .header(GitHubSignature.HEADER, signature);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path));
    }

    /// Verdict and delivery id of what this test's application got, the newest first.
    private List<String> listed() throws Exception {
        List<String> listed = new ArrayList<>();
        for (JsonNode item : list("?application=" + application).get("items")) {
            listed.add(item.get("verdict").textValue() + " "
                    + item.get("deliveryId").textValue());
        }
        return listed;
    }

    private JsonNode list(String query) throws Exception {
        HttpRequest request = request("api/v1/webhooks/deliveries" + query)
                .header("Authorization", "Bearer ada-token")
                .build();
        return JSON.readTree(
                HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    private List<String> rows(String sql, Object... arguments) {
        return jdbi.withHandle(
                handle -> handle.select(sql, arguments).mapTo(String.class).list());
    }

    private long count(String sql, Object... arguments) {
        return jdbi.withHandle(
                handle -> handle.select(sql, arguments).mapTo(Long.class).one());
    }
}
