package dev.slipway.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.icegreen.greenmail.store.FolderException;
import dev.slipway.eventing.TemporaryFailure;
import dev.slipway.events.Catalogue;
import dev.slipway.events.Event;
import dev.slipway.events.GateAnswered;
import dev.slipway.events.NoticeDelivered;
import dev.slipway.events.NoticeFailed;
import dev.slipway.events.ReleaseHeld;
import dev.slipway.testkit.RealBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What people get to hear, from the event to the mailbox: real PostgreSQL, SMTP and HTTP.
@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@QuarkusTestResource(Receivers.class)
class TellingTest {
    @Inject
    NotifyStory story;

    @BeforeEach
    void begin() throws FolderException {
        story.begin();
    }

    @Test
    void shouldHandleEveryEventTheCatalogueSaysItConsumes() {
        List<String> consumed = Catalogue.entries().stream()
                .filter(entry -> entry.consumers().contains(Catalogue.NOTIFY))
                .map(entry -> entry.data().getSimpleName())
                .toList();

        assertThat(story.handlers)
                .extracting(handler -> handler.type().getSimpleName())
                .containsExactlyInAnyOrderElementsOf(consumed);
    }

    @Test
    void shouldTellTheTeamByMailAndSlackAndTheCustomersByMail() throws Exception {
        Samples release = Samples.of(story.manifest());
        UUID request = UUID.randomUUID();

        story.happens(release.requested(request, "release-started", Map.of("expectedDuration", "PT90S")));
        story.runDue();

        assertThat(Receivers.MAIL.received())
                .extracting(mail -> mail.getAllRecipients()[0].toString())
                .containsExactlyInAnyOrder("customers@shop.example", NotifyStory.TEAM);
        assertThat(Receivers.MAIL.received().getFirst().getSubject())
                .isEqualTo("shop v7: the release to production has started");
        assertThat(Receivers.SLACK.posts).hasSize(1);
        assertThat(story.answers(NoticeDelivered.class)).singleElement().satisfies(answer -> {
            assertThat(answer.requestId()).isEqualTo(request);
            assertThat(answer.release()).isEqualTo(release.releaseId());
            assertThat(answer.messages())
                    .extracting(NoticeDelivered.Message::audience, NoticeDelivered.Message::channel)
                    .containsExactlyInAnyOrder(
                            tuple("customers", "email"), tuple("team", "email"), tuple("team", "slack"));
        });
        assertThat(story.outbox("key")).containsExactly(release.releaseId().toString());
        assertThat(story.outbox("subject")).containsExactly(request.toString());
        assertThat(story.outbox("chain_id")).containsExactly(Samples.CHAIN.toString());
    }

    @Test
    void shouldAnswerARequestForWhichNobodyIsConcerned() {
        UUID request = UUID.randomUUID();

        story.happens(Samples.of(story.manifest()).requested(request, "release-superseded", Map.of()));

        assertThat(story.answers(NoticeDelivered.class))
                .singleElement()
                .satisfies(answer -> assertThat(answer.messages()).isEmpty())
                .extracting(NoticeDelivered::requestId)
                .isEqualTo(request);
    }

    @Test
    void shouldAnswerARequestForASituationThereIsNot() {
        story.happens(Samples.of(story.manifest()).requested(UUID.randomUUID(), "release-celebrated", Map.of()));

        assertThat(story.answers(NoticeFailed.class))
                .singleElement()
                .extracting(NoticeFailed::reason)
                .isEqualTo("there is no situation 'release-celebrated'");
    }

    @Test
    void shouldTellOnceWhenTheSameEventComesTwice() {
        Event<?> event = Samples.of(story.manifest()).finished("failed", "1");

        story.happens(event);
        story.runDue();
        story.happens(event);
        story.runDue();

        assertThat(Receivers.MAIL.received()).hasSize(1);
        assertThat(Receivers.SLACK.posts).hasSize(1);
    }

    @Test
    void shouldTellOnceAndAnswerAgainWhenARequestIsRepeated() {
        Samples release = Samples.of(story.manifest());
        UUID request = UUID.randomUUID();
        story.happens(release.requested(request, "release-started", Map.of()));
        story.runDue();

        story.happens(release.requested(request, "release-started", Map.of()));
        story.runDue();

        assertThat(Receivers.MAIL.received()).hasSize(2);
        assertThat(story.answers(NoticeDelivered.class))
                .extracting(NoticeDelivered::requestId)
                .containsExactly(request, request);
    }

    @Test
    void shouldWriteOncePerAddressHoweverManyAudiencesItBelongsTo() {
        String manifest = story.put("""
                application: shop
                audiences:
                  - {name: team, email: [team@shop.example]}
                  - {name: owners, email: [team@SHOP.example, owner@shop.example]}
                notices: {release-failed: [team, owners]}
                """);

        story.happens(Samples.of(manifest).finished("failed", "1"));
        story.runDue();

        assertThat(Receivers.MAIL.received())
                .extracting(mail -> mail.getAllRecipients()[0].toString())
                .containsExactlyInAnyOrder(NotifyStory.TEAM, "owner@shop.example");
    }

    @Test
    void shouldThreadTheMailsOfOneReleaseUnderTheFirst() throws Exception {
        Samples release = Samples.of(story.manifest());
        story.happens(release.queued());
        story.runDue();
        story.pass(Duration.ofSeconds(5));
        story.happens(release.held());
        story.runDue();

        List<MimeMessage> mails = Receivers.MAIL.received();
        assertThat(mails.get(0).getHeader("References")).isNull();
        assertThat(mails.get(1).getHeader("References"))
                .containsExactly(mails.get(0).getMessageID());
    }

    @Test
    void shouldKeepAnyUnicodeFromTheEventToTheMailbox() throws Exception {
        Samples release = Samples.of(story.manifest());

        story.happens(release.event(
                new ReleaseHeld(release.release(), "Größe 規格 👩‍🚀 <b>&</b>\u0000", List.of("weiter"), Samples.AT)));
        story.runDue();

        assertThat(com.icegreen.greenmail.util.GreenMailUtil.getBody(
                        Receivers.MAIL.received().getFirst()))
                .isNotEmpty();
        Multipart parts = (Multipart) Receivers.MAIL.received().getFirst().getContent();
        assertThat(parts.getBodyPart(0).getContent().toString()).contains("Why: Größe 規格 👩‍🚀 <b>&</b>");
        assertThat(Receivers.SLACK.posts.getFirst().body()).contains("Größe 規格 👩‍🚀 &lt;b&gt;&amp;&lt;/b&gt;");
    }

    @Test
    void shouldWaitForTheManifestAReleaseWasMadeWith() {
        Event<?> event = Samples.of("sha256:unknown").held();

        assertThatThrownBy(() -> story.happens(event))
                .isInstanceOf(TemporaryFailure.class)
                .hasMessage("the manifest sha256:unknown of shop is not known here");
        assertThat(story.notices("").getList("items")).isEmpty();
    }

    @Test
    void shouldSayHowLongItTookTheLastTime() throws Exception {
        String manifest = story.manifest();
        story.happens(Samples.of(manifest).finished("completed", "1"));

        story.happens(Samples.of(manifest).started("deploy"));
        story.runDue();

        assertThat(Receivers.SLACK.posts.getLast().body())
                .contains("*Expected duration*\\n1 min 12 s, as last time")
                .contains("*Expected downtime*\\n4 s, as last time");
    }

    @Test
    void shouldHearOfEverythingElseThatHappensWithoutFault() {
        Samples release = Samples.of(story.manifest());
        for (Event<?> event : List.of(
                release.accepted(),
                release.queued(),
                release.gated(false, new GateAnswered("soak", "hold", "6 s", null)),
                release.approved(),
                release.started("announce"),
                release.watchHeld(),
                release.backupFailed(),
                release.incident(true),
                release.incident(false),
                release.rollingBack())) {
            story.happens(event);
        }
        story.runDue();

        assertThat(story.notices("?limit=100").getList("items.state")).containsOnly("delivered");
        assertThat(story.notices("?situation=incident&limit=100").getList("items"))
                .hasSize(4);
        assertThat(Receivers.SLACK.posts.getLast().body()).isNotEmpty();
    }

    @Test
    void shouldStoreNoSecret() {
        story.happens(Samples.of(story.manifest()).held());
        story.runDue();

        String everything = story.jdbi.withHandle(
                handle -> handle.createQuery("select string_agg(cast(n as text), ' ') from notice n")
                        .mapTo(String.class)
                        .one());
        assertThat(everything)
                .contains("127.0.0.1/***", "${env:SLIPWAY_REF_SLACK}")
                .doesNotContain("s3cr3t");
    }
}
