package dev.slipway.deploy.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.deploy.ServiceBackends;
import dev.slipway.deploy.release.QueueCandidates;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.eventing.WorkRunner;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
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
    @TestHTTPResource("/")
    URI base;

    @Inject
    Jdbi jdbi;

    @Inject
    QueueCandidates queueCandidates;

    @Inject
    Clock clock;

    private WebhookShop shop;
    private String application;

    @BeforeEach
    void open() throws Exception {
        shop = WebhookShop.open(base);
        application = shop.application();
    }

    @Test
    void shouldMakeACandidateItsReleaseAndItsEventOfOneSignedDelivery() throws Exception {
        HttpResponse<String> answer = shop.deliver("d-1", "workflow_run", WorkflowRuns.good());

        assertThat(answer.statusCode()).isEqualTo(202);
        JsonNode told = WebhookShop.json(answer);
        assertThat(told.get("verdict").textValue()).isEqualTo("candidate");
        UUID candidate = UUID.fromString(told.get("candidate").textValue());
        assertThat(rows("select artifact from candidate where id = ?", candidate))
                .containsExactly("pkg:generic/shop@" + WorkflowRuns.COMMIT);
        assertThat(rows("select requester || ', ' || author from candidate where id = ?", candidate))
                .containsExactly("mara-k, Jo Doe");
        makeReleases();
        assertThat(rows("select environment from release where candidate = ?", candidate))
                .containsExactly("staging");
        assertThat(rows("select type from outbox where chain_id = ? order by seq", candidate))
                .containsExactlyInAnyOrder(
                        "dev.cdeventsx.slipway-candidate.accepted.0.1.0", "dev.cdevents.pipelinerun.queued.0.3.0");
    }

    @Test
    void shouldGoOnInTheTraceOfTheDelivery() throws Exception {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        String signature = GitHubSignature.header(WorkflowRuns.good().getBytes(UTF_8), ServiceBackends.SECRET);

        HttpResponse<String> answer = shop.send(shop.delivery(application, "d-1", "workflow_run", signature)
                .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                .POST(BodyPublishers.ofString(WorkflowRuns.good()))
                .build());
        makeReleases();

        UUID candidate =
                UUID.fromString(WebhookShop.json(answer).get("candidate").textValue());
        assertThat(rows("select substr(traceparent, 4, 32) from outbox where chain_id = ?", candidate))
                .hasSize(2)
                .containsOnly(trace);
    }

    @Test
    void shouldBeginATraceWhereTheDeliveryHasNone() throws Exception {
        String signature = GitHubSignature.header(WorkflowRuns.good().getBytes(UTF_8), ServiceBackends.SECRET);

        HttpResponse<String> answer = shop.send(shop.delivery(application, "d-1", "workflow_run", signature)
                .header("traceparent", "00-nonsense-01")
                .POST(BodyPublishers.ofString(WorkflowRuns.good()))
                .build());
        makeReleases();

        UUID candidate =
                UUID.fromString(WebhookShop.json(answer).get("candidate").textValue());
        assertThat(rows("select distinct substr(traceparent, 4, 32) from outbox where chain_id = ?", candidate))
                .singleElement()
                .asString()
                .matches("[0-9a-f]{32}");
    }

    @Test
    void shouldAnswerARepeatedDeliveryTheSameAndChangeNothing() throws Exception {
        HttpResponse<String> first = shop.deliver("d-1", "workflow_run", WorkflowRuns.good());
        makeReleases();
        long events = count("select count(*) from outbox");

        HttpResponse<String> again = shop.deliver("d-1", "workflow_run", WorkflowRuns.good());

        assertThat(again.statusCode()).isEqualTo(first.statusCode());
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(count("select count(*) from candidate where application = ?", application))
                .isEqualTo(1);
        makeReleases();
        assertThat(count("select count(*) from release where application = ?", application))
                .isEqualTo(1);
        assertThat(count("select count(*) from outbox")).isEqualTo(events);
        assertThat(shop.listed()).containsExactly("duplicate d-1", "candidate d-1");
    }

    @Test
    void shouldNoticeARepeatedIdWithAnotherBody() throws Exception {
        HttpResponse<String> first = shop.deliver("d-1", "workflow_run", WorkflowRuns.good());

        HttpResponse<String> other = shop.deliver("d-1", "workflow_run", WorkflowRuns.good(4712, 1));

        assertThat(first.statusCode()).isEqualTo(202);
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(WebhookShop.json(other).get("type").textValue()).isEqualTo("urn:slipway:problem:delivery-altered");
        assertThat(WebhookShop.json(other).get("detail").textValue()).contains("d-1");
        assertThat(shop.listed()).containsExactly("altered d-1", "candidate d-1");
        assertThat(count("select count(*) from build where application = ?", application))
                .isEqualTo(1);
    }

    @Test
    void shouldMakeOneCandidateOfOneRunUnderDifferentDeliveryIds() throws Exception {
        String candidate = WebhookShop.json(shop.deliver("d-1", "workflow_run", WorkflowRuns.good()))
                .get("candidate")
                .textValue();

        JsonNode second = WebhookShop.json(shop.deliver("d-2", "workflow_run", WorkflowRuns.good()));

        assertThat(second.get("verdict").textValue()).isEqualTo("duplicate");
        assertThat(second.get("reason").textValue()).isEqualTo("run 4711, attempt 1 was told of before");
        assertThat(second.get("candidate").textValue()).isEqualTo(candidate);
        makeReleases();
        assertThat(count("select count(*) from release where application = ?", application))
                .isEqualTo(1);
    }

    @Test
    void shouldNotReleaseACommitAgainBecauseItsRunWasRunAgain() throws Exception {
        shop.deliver("d-1", "workflow_run", WorkflowRuns.good(4711, 1));

        JsonNode again = WebhookShop.json(shop.deliver("d-2", "workflow_run", WorkflowRuns.good(4711, 2)));

        assertThat(again.get("verdict").textValue()).isEqualTo("duplicate");
        assertThat(again.get("reason").textValue()).endsWith("is a candidate already");
        assertThat(count("select count(*) from build where application = ?", application))
                .isEqualTo(2);
        makeReleases();
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
                all.add(() -> shop.deliver(id, "workflow_run", WorkflowRuns.good()));
            }
            for (Future<HttpResponse<String>> answer : senders.invokeAll(all)) {
                answers.add(answer.get());
            }
        }

        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(202);
        assertThat(count("select count(*) from candidate where application = ?", application))
                .isEqualTo(1);
        makeReleases();
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

        HttpResponse<String> answer = shop.deliver("d-1", "workflow_run", signature, BodyPublishers.ofString(body));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(count("select count(*) from candidate where application = ?", application))
                .isZero();
        assertThat(shop.listed()).containsExactly("refused d-1");
        assertThat(count(
                        "select count(*) from delivery d join delivery_body b on b.delivery = d.id where application = ?",
                        application))
                .isZero();
    }

    @Test
    void shouldTakeTheGenuineDeliveryAfterAForgedOneWithItsId() throws Exception {
        shop.deliver("d-1", "workflow_run", "sha256=00", BodyPublishers.ofString("{}"));

        HttpResponse<String> genuine = shop.deliver("d-1", "workflow_run", WorkflowRuns.good());

        assertThat(WebhookShop.json(genuine).get("verdict").textValue()).isEqualTo("candidate");
        assertThat(shop.listed()).containsExactly("candidate d-1", "refused d-1");
    }

    @Test
    void shouldVerifyTheBytesAsTheyCame() throws Exception {
        byte[] body = (WorkflowRuns.good() + "\r\n\u00fc\ufeff ").getBytes(UTF_8);
        String signature = GitHubSignature.header(body, ServiceBackends.NEXT_SECRET);

        HttpResponse<String> answer = shop.deliver("d-1", "workflow_run", signature, BodyPublishers.ofByteArray(body));

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(rows(
                        "select encode(body, 'hex') from delivery d join delivery_body b on b.delivery = d.id where application = ?",
                        application))
                .containsExactly(HexFormat.of().formatHex(body));
    }

    @Test
    void shouldAnswerForAnUnknownApplicationAsForAWrongSignature() throws Exception {
        HttpResponse<String> wrong = shop.deliver("d-1", "ping", "sha256=00", BodyPublishers.ofString("{}"));

        HttpResponse<String> unknown = shop.send(shop.delivery("no-such-shop", "d-1", "ping", "sha256=00")
                .POST(BodyPublishers.ofString("{}"))
                .build());

        assertThat(unknown.statusCode()).isEqualTo(wrong.statusCode());
        assertThat(unknown.body()).isEqualTo(wrong.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ping", "push", "something_new"})
    void shouldAcknowledgeAndKeepWhatStartsNothing(String event) throws Exception {
        HttpResponse<String> answer = shop.deliver("d-1", event, "{}");

        assertThat(answer.statusCode()).isEqualTo(202);
        JsonNode told = WebhookShop.json(answer);
        assertThat(told.get("verdict").textValue()).isEqualTo("ignored");
        assertThat(told.get("event").textValue()).isEqualTo(event);
        assertThat(told.has("candidate")).isFalse();
        assertThat(shop.listed()).containsExactly("ignored d-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-GitHub-Delivery", "X-GitHub-Event"})
    void shouldNameTheHeaderThatIsMissing(String missing) throws Exception {
        HttpRequest whole = shop.delivery(application, "d-1", "ping", "sha256=00")
                .POST(BodyPublishers.ofString("{}"))
                .build();
        HttpRequest without = HttpRequest.newBuilder(whole, (name, _) -> !name.equalsIgnoreCase(missing))
                .build();

        HttpResponse<String> answer = shop.send(without);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(WebhookShop.json(answer).get("detail").textValue()).contains(missing);
        assertThat(shop.listed()).isEmpty();
    }

    @Test
    void shouldRefuseABodyThatGitHubWouldNotSend() throws Exception {
        byte[] large = new byte[WebhookResource.LARGEST_BODY + 1];

        HttpResponse<String> announced = shop.deliver("d-1", "ping", "sha256=00", BodyPublishers.ofByteArray(large));
        HttpResponse<String> unannounced = shop.deliver(
                "d-2", "ping", "sha256=00", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)));

        assertThat(announced.statusCode()).isEqualTo(413);
        assertThat(unannounced.statusCode()).isEqualTo(413);
        assertThat(shop.listed()).isEmpty();
    }

    @Test
    void shouldTakeTheLargestBodyThatGitHubSends() throws Exception {
        byte[] large = new byte[WebhookResource.LARGEST_BODY];
        String signature = GitHubSignature.header(large, ServiceBackends.SECRET);

        HttpResponse<String> answer = shop.deliver("d-1", "push", signature, BodyPublishers.ofByteArray(large));

        assertThat(answer.statusCode()).isEqualTo(202);
    }

    @Test
    void shouldListDeliveriesPageByPage() throws Exception {
        for (int i = 1; i <= 5; i++) {
            shop.deliver("d-" + i, "ping", "{}");
        }

        JsonNode first = shop.list("?limit=2&verdict=ignored&application=" + application);
        JsonNode second = shop.list("?limit=2&application=" + application + "&cursor="
                + first.get("next").textValue());
        JsonNode third = shop.list("?limit=2&application=" + application + "&cursor="
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
        HttpRequest anonymous = shop.request("api/v1/webhooks/deliveries").build();
        HttpRequest robot = shop.request("api/v1/webhooks/deliveries")
                .header("Authorization", "Bearer robot-token")
                .build();

        assertThat(shop.send(anonymous).statusCode()).isEqualTo(401);
        assertThat(shop.send(robot).statusCode()).isEqualTo(403);
        assertThat(shop.list("?verdict=maybe").get("status").intValue()).isEqualTo(400);
    }

    @Test
    void shouldKeepOnlySoManyOfThoseNobodyProved() throws Exception {
        jdbi.useHandle(handle -> handle.execute("""
                insert into delivery (id, application, provider, delivery, event, verified, verdict, reason, received_at,
                                      body_sha256)
                select gen_random_uuid(), 'flood', 'github', 'f' || i, 'ping', false, 'refused', '', timestamptz '2020-01-01', ''
                from generate_series(1, ?) as i""", Deliveries.MOST_UNVERIFIED + 50));

        shop.deliver("d-1", "ping", "sha256=00", BodyPublishers.ofString("{}"));

        assertThat(count("select count(*) from delivery where not verified")).isEqualTo(Deliveries.MOST_UNVERIFIED);
        assertThat(shop.listed()).containsExactly("refused d-1");
    }

    @Test
    void shouldStoreNothingOfASecret() throws Exception {
        shop.deliver("d-1", "workflow_run", WorkflowRuns.good());
        shop.deliver("d-2", "ping", "sha256=00", BodyPublishers.ofString("{}"));

        for (String table : List.of("delivery", "delivery_body", "candidate", "release", "outbox", "manifest")) {
            assertThat(count(
                            "select count(*) from " + table + " t where cast(t as text) like ?",
                            "%" + ServiceBackends.SECRET.replace("'", "''") + "%"))
                    .as(table)
                    .isZero();
        }
    }

    /// The work that is due after candidates were accepted.
    private void makeReleases() {
        // Of a crowd the rest is due a moment later.
        Clock later = Clock.offset(clock, Duration.ofSeconds(1));
        new WorkRunner(jdbi, new WorkQueue(later), later, "test", Duration.ofSeconds(15), List.of(queueCandidates))
                .runDue();
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
