package dev.slipway.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.store.FolderException;
import dev.slipway.events.Event;
import dev.slipway.events.NoticeDelivered;
import dev.slipway.events.NoticeFailed;
import dev.slipway.testkit.RealBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What becomes of a message on its way: receivers that refuse, are away or say nothing, and a service that is killed.
@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@QuarkusTestResource(Receivers.class)
class DeliveringTest {
    @Inject
    NotifyStory story;

    @BeforeEach
    void begin() throws FolderException {
        story.begin();
    }

    @Test
    void shouldSendTheSameMessageUnderTheSameKeyWhenItsSenderWasKilledBeforeTheRecord() throws Exception {
        Event<?> event = Samples.of(story.manifest()).finished("failed", "1");
        story.happens(event);
        story.killAfterTheEffect();
        story.killAfterTheEffect();
        story.leaseEnds();

        story.runDue();

        assertThat(Receivers.MAIL.received()).hasSize(2);
        assertThat(Receivers.MAIL.received().get(0).getMessageID())
                .isEqualTo(Receivers.MAIL.received().get(1).getMessageID());
        assertThat(Receivers.SLACK.posts).hasSize(2);
        assertThat(Receivers.SLACK.posts)
                .extracting(post -> post.header("Idempotency-key"))
                .containsOnly(Receivers.SLACK.posts.getFirst().header("Webhook-id"));
        JsonPath list = story.notices("");
        assertThat(list.getList("items.state")).containsOnly("delivered");
        assertThat(list.getList("items.attempts")).containsOnly(2);
        assertThat(list.getList("items.unconfirmed")).containsOnly(1);
    }

    @Test
    void shouldDeliverWhenTheMailServerIsBack() {
        Receivers.MAIL.stop();
        story.happens(Samples.of(story.manifest()).finished("failed", "1"));
        story.runDue();
        assertThat(story.notices("").getString("items.find { it.channel == 'email' }.reason"))
                .isEqualTo("unreachable");
        Receivers.MAIL.start();

        story.pass(Duration.ofSeconds(2));
        story.runDue();

        assertThat(Receivers.MAIL.received()).hasSize(1);
        assertThat(story.notices("").getList("items.state")).containsOnly("delivered");
        assertThat(story.notices("").getInt("items.find { it.channel == 'email' }.attempts"))
                .isEqualTo(2);
    }

    @Test
    void shouldReportAtOnceWhatIsRefusedForGoodAndStillTellTheOthers() {
        Receivers.MAIL.refuse(NotifyStory.TEAM, "550 5.1.1 <team@shop.example> unknown");
        UUID request = UUID.randomUUID();

        story.happens(Samples.of(story.manifest()).requested(request, "release-started", Map.of()));
        story.runDue();

        assertThat(story.answers(NoticeFailed.class)).singleElement().satisfies(answer -> {
            assertThat(answer.requestId()).isEqualTo(request);
            assertThat(answer.reason()).isEqualTo("email to team: 550 5.1.1 <t***@shop.example> unknown");
            assertThat(answer.failed())
                    .extracting(NoticeDelivered.Message::audience)
                    .containsExactly("team");
        });
        assertThat(story.answers(NoticeDelivered.class)).isEmpty();
        assertThat(Receivers.MAIL.received()).hasSize(1);
        assertThat(Receivers.SLACK.posts).hasSize(1);
        JsonPath list = story.notices("");
        assertThat(list.getString("items.find { it.state == 'failed' }.reason")).isEqualTo("recipient-refused");
        assertThat(list.getString("items.find { it.state == 'failed' }.address"))
                .isEqualTo("t***@shop.example");
    }

    @Test
    void shouldLeaveASlowedDownReceiverAloneForAsLongAsItAsks() {
        Receivers.SLACK.answer(429, Map.of("Retry-After", "30"), "rate_limited");
        story.happens(Samples.of(story.manifest()).held());
        story.runDue();

        story.pass(Duration.ofSeconds(29));
        story.runDue();
        int early = Receivers.SLACK.posts.size();
        story.pass(Duration.ofSeconds(1));
        story.runDue();

        assertThat(early).isEqualTo(1);
        assertThat(Receivers.SLACK.posts).hasSize(2);
    }

    @Test
    void shouldCountAnAttemptThatGotNoAnswerAndTryAgain() {
        Receivers.SLACK.sayNothing();
        story.happens(Samples.of(story.manifest()).held());

        story.runDue();
        story.pass(Duration.ofSeconds(2));
        story.runDue();

        assertThat(story.notices("").getInt("items.find { it.channel == 'slack' }.unconfirmed"))
                .isEqualTo(1);
        assertThat(story.notices("").getString("items.find { it.channel == 'slack' }.state"))
                .isEqualTo("delivered");
    }

    @Test
    void shouldGiveUpAtTheDeadlineAndSaySo() {
        for (int i = 0; i < 40; i++) {
            Receivers.SLACK.answer(500, "oops");
        }
        UUID request = UUID.randomUUID();
        story.happens(Samples.of(story.manifest()).requested(request, "release-started", Map.of()));

        for (int second = 0; second < 40; second++) {
            story.runDue();
            story.pass(Duration.ofSeconds(1));
        }

        assertThat(story.answers(NoticeFailed.class))
                .singleElement()
                .extracting(NoticeFailed::reason)
                .asString()
                .startsWith("slack to team: given up after ")
                .endsWith("attempts: HTTP 500 oops");
        assertThat(Receivers.SLACK.posts.size()).isBetween(4, 12);
    }

    @Test
    void shouldNotAnnounceWhatNobodyWaitsForAnyMore() {
        story.happens(Samples.of(story.manifest()).requested(UUID.randomUUID(), "release-started", Map.of()));
        story.pass(Duration.ofSeconds(31));

        story.runDue();

        assertThat(Receivers.MAIL.received()).isEmpty();
        assertThat(Receivers.SLACK.posts).isEmpty();
        assertThat(story.answers(NoticeFailed.class)).hasSize(1);
        assertThat(story.notices("").getList("items.reason")).containsOnly("expired");
    }

    @Test
    void shouldSendNothingToAnAddressWithALineBreak() {
        story.happens(Samples.of(story.manifest("email: [\"${env:SLIPWAY_REF_TORN}\"]"))
                .finished("failed", "1"));

        story.runDue();

        assertThat(Receivers.MAIL.received()).isEmpty();
        JsonPath list = story.notices("");
        assertThat(list.getList("items.reason")).containsExactly("address-invalid");
        assertThat(list.getString("items[0].address")).isEqualTo("${env:SLIPWAY_REF_TORN}");
    }

    @Test
    void shouldAnswerOnlyWhenTheLastMessageWasAccepted() {
        Receivers.SLACK.answer(503, "later");
        story.happens(Samples.of(story.manifest()).requested(UUID.randomUUID(), "release-started", Map.of()));

        story.runDue();
        assertThat(story.outbox("type")).isEmpty();
        story.pass(Duration.ofSeconds(2));
        story.runDue();

        assertThat(story.answers(NoticeDelivered.class)).hasSize(1);
    }
}
