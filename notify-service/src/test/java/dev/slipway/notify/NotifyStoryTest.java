package dev.slipway.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.eventing.EventHandler;
import dev.slipway.eventing.TemporaryFailure;
import dev.slipway.eventing.WorkHandler;
import dev.slipway.eventing.WorkItem;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.eventing.WorkResult;
import dev.slipway.eventing.WorkRunner;
import dev.slipway.events.Catalogue;
import dev.slipway.events.Event;
import dev.slipway.events.EventCodec;
import dev.slipway.events.EventData;
import dev.slipway.events.NoticeDelivered;
import dev.slipway.events.NoticeFailed;
import dev.slipway.manifest.Manifests;
import dev.slipway.notify.audience.NotifyManifest;
import dev.slipway.notify.notice.NoticePipeline;
import dev.slipway.testkit.RealBackends;
import dev.slipway.testkit.TestClock;
import io.quarkus.arc.All;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What people get to see of a release, from the event to the mailbox: real PostgreSQL, SMTP and HTTP, the clock turned
/// and the work cranked by hand.
@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@QuarkusTestResource(Receivers.class)
class NotifyStoryTest {
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final String TEAM = "team@shop.example";

    @Inject
    Jdbi jdbi;

    @Inject
    TestClock clock;

    @Inject
    WorkQueue queue;

    @Inject
    NoticePipeline pipeline;

    @Inject
    Manifests<NotifyManifest> manifests;

    @Inject
    @All
    List<EventHandler<?>> handlers;

    @BeforeEach
    void forgetEverything() {
        jdbi.useHandle(handle ->
                handle.execute("truncate notice, occasion, known_release, outbox, work, inbox restart identity"));
        clock.set(Samples.AT);
        Receivers.SLACK.reset();
        Receivers.MAIL.accept(TEAM);
        Receivers.MAIL.accept("customers@shop.example");
        Receivers.MAIL.reset();
    }

    @Test
    void shouldHandleEveryEventTheCatalogueSaysItConsumes() {
        List<String> consumed = Catalogue.entries().stream()
                .filter(entry -> entry.consumers().contains(Catalogue.NOTIFY))
                .map(entry -> entry.data().getSimpleName())
                .toList();

        assertThat(handlers)
                .extracting(handler -> handler.type().getSimpleName())
                .containsExactlyInAnyOrderElementsOf(consumed);
    }

    @Test
    void shouldTellTheTeamByMailAndSlackAndTheCustomersByMail() throws Exception {
        Samples release = Samples.of(manifest());
        UUID request = UUID.randomUUID();

        happens(release.requested(request, "release-started", Map.of("expectedDuration", "PT90S")));
        runDue();

        assertThat(Receivers.MAIL.received())
                .extracting(mail -> mail.getAllRecipients()[0].toString())
                .containsExactlyInAnyOrder("customers@shop.example", TEAM);
        assertThat(Receivers.MAIL.received().getFirst().getSubject())
                .isEqualTo("shop v7: the release to production has started");
        assertThat(Receivers.SLACK.posts).hasSize(1);
        assertThat(answers(NoticeDelivered.class)).singleElement().satisfies(answer -> {
            assertThat(answer.requestId()).isEqualTo(request);
            assertThat(answer.release()).isEqualTo(release.releaseId());
            assertThat(answer.messages())
                    .extracting(NoticeDelivered.Message::audience, NoticeDelivered.Message::channel)
                    .containsExactlyInAnyOrder(
                            org.assertj.core.groups.Tuple.tuple("customers", "email"),
                            org.assertj.core.groups.Tuple.tuple("team", "email"),
                            org.assertj.core.groups.Tuple.tuple("team", "slack"));
        });
        assertThat(outbox("key")).containsExactly(release.releaseId().toString());
        assertThat(outbox("subject")).containsExactly(request.toString());
        assertThat(outbox("chain_id")).containsExactly(Samples.CHAIN.toString());
    }

    @Test
    void shouldAnswerOnlyWhenTheLastMessageWasAccepted() {
        Receivers.SLACK.answer(503, "later");
        happens(Samples.of(manifest()).requested(UUID.randomUUID(), "release-started", Map.of()));

        runDue();
        assertThat(outbox("type")).isEmpty();
        clock.advance(Duration.ofSeconds(2));
        runDue();

        assertThat(answers(NoticeDelivered.class)).hasSize(1);
    }

    @Test
    void shouldAnswerARequestForWhichNobodyIsConcerned() {
        UUID request = UUID.randomUUID();

        happens(Samples.of(manifest()).requested(request, "release-superseded", Map.of()));

        assertThat(answers(NoticeDelivered.class))
                .singleElement()
                .satisfies(answer -> assertThat(answer.messages()).isEmpty())
                .extracting(NoticeDelivered::requestId)
                .isEqualTo(request);
    }

    @Test
    void shouldAnswerARequestForASituationThereIsNot() {
        happens(Samples.of(manifest()).requested(UUID.randomUUID(), "release-celebrated", Map.of()));

        assertThat(answers(NoticeFailed.class))
                .singleElement()
                .extracting(NoticeFailed::reason)
                .isEqualTo("there is no situation 'release-celebrated'");
    }

    @Test
    void shouldTellOnceWhenTheSameEventComesTwice() {
        Event<?> event = Samples.of(manifest()).finished("failed", "1");

        happens(event);
        runDue();
        happens(event);
        runDue();

        assertThat(Receivers.MAIL.received()).hasSize(1);
        assertThat(Receivers.SLACK.posts).hasSize(1);
    }

    @Test
    void shouldTellOnceAndAnswerAgainWhenARequestIsRepeated() {
        Samples release = Samples.of(manifest());
        UUID request = UUID.randomUUID();
        happens(release.requested(request, "release-started", Map.of()));
        runDue();

        happens(release.requested(request, "release-started", Map.of()));
        runDue();

        assertThat(Receivers.MAIL.received()).hasSize(2);
        assertThat(answers(NoticeDelivered.class))
                .extracting(NoticeDelivered::requestId)
                .containsExactly(request, request);
    }

    @Test
    void shouldSendTheSameMessageUnderTheSameKeyWhenItsSenderWasKilledBeforeTheRecord() throws Exception {
        Event<?> event = Samples.of(manifest()).finished("failed", "1");
        happens(event);
        killAfterTheEffect();
        killAfterTheEffect();
        clock.advance(LEASE);

        runDue();

        assertThat(Receivers.MAIL.received()).hasSize(2);
        assertThat(Receivers.MAIL.received().get(0).getMessageID())
                .isEqualTo(Receivers.MAIL.received().get(1).getMessageID());
        assertThat(Receivers.SLACK.posts).hasSize(2);
        assertThat(Receivers.SLACK.posts)
                .extracting(post -> post.header("Idempotency-key"))
                .containsOnly(Receivers.SLACK.posts.getFirst().header("Webhook-id"));
        JsonPath list = notices("");
        assertThat(list.getList("items.state")).containsOnly("delivered");
        assertThat(list.getList("items.attempts")).containsOnly(2);
        assertThat(list.getList("items.unconfirmed")).containsOnly(1);
    }

    @Test
    void shouldDeliverWhenTheMailServerIsBack() {
        Receivers.MAIL.stop();
        happens(Samples.of(manifest()).finished("failed", "1"));
        runDue();
        assertThat(notices("").getString("items.find { it.channel == 'email' }.reason"))
                .isEqualTo("unreachable");
        Receivers.MAIL.start();

        clock.advance(Duration.ofSeconds(2));
        runDue();

        assertThat(Receivers.MAIL.received()).hasSize(1);
        assertThat(notices("").getList("items.state")).containsOnly("delivered");
        assertThat(notices("").getInt("items.find { it.channel == 'email' }.attempts"))
                .isEqualTo(2);
    }

    @Test
    void shouldReportAtOnceWhatIsRefusedForGoodAndStillTellTheOthers() {
        Receivers.MAIL.refuse(TEAM, "550 5.1.1 <team@shop.example> unknown");
        UUID request = UUID.randomUUID();

        happens(Samples.of(manifest()).requested(request, "release-started", Map.of()));
        runDue();

        assertThat(answers(NoticeFailed.class)).singleElement().satisfies(answer -> {
            assertThat(answer.requestId()).isEqualTo(request);
            assertThat(answer.reason()).isEqualTo("email to team: 550 5.1.1 <t***@shop.example> unknown");
            assertThat(answer.failed())
                    .extracting(NoticeDelivered.Message::audience)
                    .containsExactly("team");
        });
        assertThat(answers(NoticeDelivered.class)).isEmpty();
        assertThat(Receivers.MAIL.received()).hasSize(1);
        assertThat(Receivers.SLACK.posts).hasSize(1);
        JsonPath list = notices("");
        assertThat(list.getString("items.find { it.state == 'failed' }.reason")).isEqualTo("recipient-refused");
        assertThat(list.getString("items.find { it.state == 'failed' }.address"))
                .isEqualTo("t***@shop.example");
    }

    @Test
    void shouldLeaveASlowedDownReceiverAloneForAsLongAsItAsks() {
        Receivers.SLACK.answer(429, Map.of("Retry-After", "30"), "rate_limited");
        happens(Samples.of(manifest()).held());
        runDue();

        clock.advance(Duration.ofSeconds(29));
        runDue();
        int early = Receivers.SLACK.posts.size();
        clock.advance(Duration.ofSeconds(1));
        runDue();

        assertThat(early).isEqualTo(1);
        assertThat(Receivers.SLACK.posts).hasSize(2);
    }

    @Test
    void shouldCountAnAttemptThatGotNoAnswerAndTryAgain() {
        Receivers.SLACK.sayNothing();
        happens(Samples.of(manifest()).held());

        runDue();
        clock.advance(Duration.ofSeconds(2));
        runDue();

        assertThat(notices("").getInt("items.find { it.channel == 'slack' }.unconfirmed"))
                .isEqualTo(1);
        assertThat(notices("").getString("items.find { it.channel == 'slack' }.state"))
                .isEqualTo("delivered");
    }

    @Test
    void shouldGiveUpAtTheDeadlineAndSaySo() {
        for (int i = 0; i < 40; i++) {
            Receivers.SLACK.answer(500, "oops");
        }
        UUID request = UUID.randomUUID();
        happens(Samples.of(manifest()).requested(request, "release-started", Map.of()));

        for (int second = 0; second < 40; second++) {
            runDue();
            clock.advance(Duration.ofSeconds(1));
        }

        assertThat(answers(NoticeFailed.class))
                .singleElement()
                .extracting(NoticeFailed::reason)
                .asString()
                .startsWith("slack to team: given up after ")
                .endsWith("attempts: HTTP 500 oops");
        assertThat(Receivers.SLACK.posts.size()).isBetween(4, 12);
    }

    @Test
    void shouldNotAnnounceWhatNobodyWaitsForAnyMore() {
        happens(Samples.of(manifest()).requested(UUID.randomUUID(), "release-started", Map.of()));
        clock.advance(Duration.ofSeconds(31));

        runDue();

        assertThat(Receivers.MAIL.received()).isEmpty();
        assertThat(Receivers.SLACK.posts).isEmpty();
        assertThat(answers(NoticeFailed.class)).hasSize(1);
        assertThat(notices("").getList("items.reason")).containsOnly("expired");
    }

    @Test
    void shouldSendNothingToAnAddressWithALineBreak() {
        happens(Samples.of(manifest("email: [\"${env:SLIPWAY_REF_TORN}\"]")).finished("failed", "1"));

        runDue();

        assertThat(Receivers.MAIL.received()).isEmpty();
        JsonPath list = notices("");
        assertThat(list.getList("items.reason")).containsExactly("address-invalid");
        assertThat(list.getString("items[0].address")).isEqualTo("${env:SLIPWAY_REF_TORN}");
    }

    @Test
    void shouldWriteOncePerAddressHoweverManyAudiencesItBelongsTo() {
        String manifest = put("""
                application: shop
                audiences:
                  - {name: team, email: [team@shop.example]}
                  - {name: owners, email: [team@SHOP.example, owner@shop.example]}
                notices: {release-failed: [team, owners]}
                """);

        happens(Samples.of(manifest).finished("failed", "1"));
        runDue();

        assertThat(Receivers.MAIL.received())
                .extracting(mail -> mail.getAllRecipients()[0].toString())
                .containsExactlyInAnyOrder(TEAM, "owner@shop.example");
    }

    @Test
    void shouldThreadTheMailsOfOneReleaseUnderTheFirst() throws Exception {
        Samples release = Samples.of(manifest());
        happens(release.queued());
        runDue();
        clock.advance(Duration.ofSeconds(5));
        happens(release.held());
        runDue();

        List<MimeMessage> mails = Receivers.MAIL.received();
        assertThat(mails.get(0).getHeader("References")).isNull();
        assertThat(mails.get(1).getHeader("References"))
                .containsExactly(mails.get(0).getMessageID());
    }

    @Test
    void shouldKeepAnyUnicodeFromTheEventToTheMailbox() throws Exception {
        Samples release = Samples.of(manifest());

        happens(release.event(new dev.slipway.events.ReleaseHeld(
                release.release(), "Größe 規格 👩‍🚀 <b>&</b>\u0000", List.of("weiter"), Samples.AT)));
        runDue();

        assertThat(com.icegreen.greenmail.util.GreenMailUtil.getBody(
                        Receivers.MAIL.received().getFirst()))
                .isNotEmpty();
        jakarta.mail.Multipart parts =
                (jakarta.mail.Multipart) Receivers.MAIL.received().getFirst().getContent();
        assertThat(parts.getBodyPart(0).getContent().toString()).contains("Why: Größe 規格 👩‍🚀 <b>&</b>");
        assertThat(Receivers.SLACK.posts.getFirst().body()).contains("Größe 規格 👩‍🚀 &lt;b&gt;&amp;&lt;/b&gt;");
    }

    @Test
    void shouldWaitForTheManifestARelaseWasMadeWith() {
        Event<?> event = Samples.of("sha256:unknown").held();

        assertThatThrownBy(() -> happens(event))
                .isInstanceOf(TemporaryFailure.class)
                .hasMessage("the manifest sha256:unknown of shop is not known here");
        assertThat(notices("").getList("items")).isEmpty();
    }

    @Test
    void shouldSayHowLongItTookTheLastTime() throws Exception {
        String manifest = manifest();
        happens(Samples.of(manifest).finished("completed", "1"));

        happens(Samples.of(manifest).started("deploy"));
        runDue();

        assertThat(Receivers.SLACK.posts.getLast().body())
                .contains("*Expected duration*\\n1 min 12 s, as last time")
                .contains("*Expected downtime*\\n4 s, as last time");
    }

    @Test
    void shouldHearOfEverythingElseThatHappensWithoutFault() {
        Samples release = Samples.of(manifest());
        for (Event<?> event : List.of(
                release.accepted(),
                release.queued(),
                release.gated(false, new dev.slipway.events.GateAnswered("soak", "hold", "6 s", null)),
                release.approved(),
                release.started("announce"),
                release.watchHeld(),
                release.backupFailed(),
                release.incident(true),
                release.incident(false),
                release.rollingBack())) {
            happens(event);
        }
        runDue();

        assertThat(notices("?limit=100").getList("items.state")).containsOnly("delivered");
        assertThat(notices("?situation=incident&limit=100").getList("items")).hasSize(4);
        assertThat(Receivers.SLACK.posts.getLast().body()).isNotEmpty();
    }

    @Test
    void shouldStoreNoSecret() {
        happens(Samples.of(manifest()).held());
        runDue();

        String everything =
                jdbi.withHandle(handle -> handle.createQuery("select string_agg(cast(n as text), ' ') from notice n")
                        .mapTo(String.class)
                        .one());
        assertThat(everything)
                .contains("127.0.0.1/***", "${env:SLIPWAY_REF_SLACK}")
                .doesNotContain("s3cr3t");
    }

    @Test
    void shouldListNoticesNewestFirstPageByPage() {
        Samples one = Samples.of(manifest());
        happens(one.held());
        clock.advance(Duration.ofSeconds(1));
        happens(Samples.of(manifest()).finished("failed", "1"));

        JsonPath first = notices("?limit=3");
        JsonPath rest = notices("?limit=3&cursor=" + first.getString("next"));

        assertThat(first.getList("items.situation")).startsWith("release-failed", "release-failed");
        assertThat(first.getList("items")).hasSize(3);
        assertThat(rest.getList("items")).hasSize(1);
        assertThat(rest.getString("next")).isNull();
        assertThat(notices("?release=" + one.releaseId()).getList("items")).hasSize(2);
        assertThat(notices("?application=other").getList("items")).isEmpty();
        assertThat(notices("?situation=release-failed").getList("items")).hasSize(2);
    }

    @Test
    void shouldAnswerNonsenseWithTheFault() {
        RestAssured.given()
                .auth()
                .oauth2("viewer")
                .get("/api/v1/notices?release=7")
                .then()
                .statusCode(400);
        RestAssured.given()
                .auth()
                .oauth2("viewer")
                .get("/api/v1/notices?situation=party")
                .then()
                .statusCode(400);
        RestAssured.given()
                .auth()
                .oauth2("viewer")
                .get("/api/v1/notices?cursor=%25")
                .then()
                .statusCode(400);
    }

    @Test
    void shouldShowNoticesOnlyToThoseWhoMaySeeThem() {
        RestAssured.get("/api/v1/notices").then().statusCode(401);
        RestAssured.given().auth().oauth2("ci").get("/api/v1/notices").then().statusCode(403);
        RestAssured.get("/q/health/ready").then().statusCode(200);
    }

    @Test
    void shouldCountOutcomesByChannelAndReason() {
        Receivers.MAIL.refuse(TEAM, "550 5.1.1 unknown");
        happens(Samples.of(manifest()).held());
        runDue();

        assertThat(RestAssured.get("/q/metrics").asString())
                .contains("slipway_notice_attempts_total{channel=\"slack\",outcome=\"delivered\"}")
                .contains("slipway_notices_settled_total{channel=\"email\",outcome=\"recipient-refused\","
                        + "situation=\"release-held\"}");
    }

    private String manifest() {
        return manifest("email: [team@shop.example], slack: [\"${env:SLIPWAY_REF_SLACK}\"]");
    }

    private String manifest(String team) {
        return put("""
                application: shop
                environments: [{name: staging}, {name: production}]
                audiences:
                  - {name: customers, email: ["${env:SLIPWAY_REF_CUSTOMERS}"], environments: [production]}
                  - {name: team, %s}
                notices:
                  candidate-accepted: [team]
                  release-queued: [team]
                  release-waiting: [team]
                  release-approved: [team]
                  release-started: [customers, team]
                  release-completed: [customers, team]
                  release-rolling-back: [team]
                  release-failed: [team]
                  release-held: [team]
                  watch-held: [team]
                  backup-failed: [team]
                  incident: [team]
                """.formatted(team));
    }

    private String put(String yaml) {
        return manifests
                .put("shop", yaml.getBytes(StandardCharsets.UTF_8), "test", Optional.empty())
                .hash();
    }

    private void happens(Event<?> event) {
        EventHandler<?> handler = handlers.stream()
                .filter(candidate -> candidate.type() == event.data().getClass())
                .findFirst()
                .orElseThrow();
        jdbi.useTransaction(tx -> call(handler, tx, event));
    }

    @SuppressWarnings("unchecked")
    private static <D extends EventData> void call(
            EventHandler<D> handler, org.jdbi.v3.core.Handle tx, Event<?> event) {
        handler.handle(tx, (Event<D>) event);
    }

    private void runDue() {
        runner(pipeline).runDue();
    }

    /// The process dies after the receiver has the message and before anything of it is written down.
    private void killAfterTheEffect() {
        WorkHandler dying = new WorkHandler() {
            @Override
            public String kind() {
                return pipeline.kind();
            }

            @Override
            public WorkResult run(WorkItem item) {
                pipeline.run(item);
                throw new Killed();
            }
        };
        assertThatThrownBy(() -> runner(dying).runDue()).isInstanceOf(Killed.class);
    }

    private WorkRunner runner(WorkHandler handler) {
        return new WorkRunner(jdbi, queue, clock, "test", LEASE, List.of(handler));
    }

    private <D> List<D> answers(Class<D> type) {
        String name = Catalogue.of(type.asSubclass(EventData.class)).type();
        return jdbi
                .withHandle(handle -> handle.createQuery("select data from outbox where type = :type order by seq")
                        .bind("type", name)
                        .mapTo(String.class)
                        .list())
                .stream()
                .map(json -> read(json, type))
                .toList();
    }

    private static <D> D read(String json, Class<D> type) {
        try {
            return EventCodec.json().readValue(json, type);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }

    private List<String> outbox(String column) {
        return jdbi.withHandle(handle -> handle.createQuery("select " + column + " from outbox order by seq")
                .mapTo(String.class)
                .list());
    }

    private static JsonPath notices(String query) {
        return RestAssured.given()
                .auth()
                .oauth2("viewer")
                .get("/api/v1/notices" + query)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }
}
