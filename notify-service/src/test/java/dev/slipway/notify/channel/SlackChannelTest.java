package dev.slipway.notify.channel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.notify.SlackReceiver;
import dev.slipway.notify.audience.Situation;
import dev.slipway.notify.audience.SlackHook;
import dev.slipway.notify.wording.Content;
import dev.slipway.outbound.OutboundHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlackChannelTest {
    private static final UUID NOTICE = UUID.nameUUIDFromBytes(new byte[] {1});
    private static final Envelope ENVELOPE = new Envelope(NOTICE, null, Situation.RELEASE_COMPLETED, null);

    private final SlackReceiver receiver = new SlackReceiver();
    private final SlackChannel channel = new SlackChannel(OutboundHttp.to("127.0.0.0/8"), Duration.ofSeconds(1));
    private final SlackHook hook = hook(receiver.url("/T1/B2/s3cr3t"));
    private final Content.Slack content = new Content.Slack("live", payload());

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void shouldPostTextAndBlocksUnderTheNoticesKey() throws IOException {
        Delivery delivery = channel.deliver(hook, ENVELOPE, content);

        assertThat(delivery).isEqualTo(new Delivery.Accepted("HTTP 200 ok"));
        SlackReceiver.Post post = receiver.posts.getFirst();
        assertThat(new ObjectMapper().readTree(post.body())).isEqualTo(payload());
        assertThat(post.path()).isEqualTo("/T1/B2/s3cr3t");
        assertThat(post.header("Content-type")).isEqualTo("application/json; charset=utf-8");
        assertThat(post.header("Idempotency-key")).isEqualTo(NOTICE.toString());
        assertThat(post.header("Webhook-id")).isEqualTo(NOTICE.toString());
    }

    @Test
    void shouldKeepToTheWaitASlowedDownReceiverAsksFor() {
        receiver.answer(429, Map.of("Retry-After", "30"), "rate_limited");

        assertThat(channel.deliver(hook, ENVELOPE, content))
                .isEqualTo(new Delivery.NotNow(
                        Reason.RATE_LIMITED, "HTTP 429 rate_limited", Optional.of(Duration.ofSeconds(30)), false));
    }

    @Test
    void shouldKeepToTheWaitAReceiverWithAFaultAsksFor() {
        receiver.answer(503, Map.of("Retry-After", "120"), "back soon");

        assertThat(channel.deliver(hook, ENVELOPE, content))
                .isEqualTo(new Delivery.NotNow(
                        Reason.RECEIVER_BUSY, "HTTP 503 back soon", Optional.of(Duration.ofMinutes(2)), false));
    }

    @Test
    void shouldNotBelieveARetryAfterThatIsNoNumberOfSeconds() {
        receiver.answer(429, Map.of("Retry-After", "-5"), "");

        assertThat(channel.deliver(hook, ENVELOPE, content))
                .isEqualTo(Delivery.notNow(Reason.RATE_LIMITED, "HTTP 429"));
    }

    @ParameterizedTest
    @CsvSource({"500", "502", "503", "504"})
    void shouldTryAgainWhenTheReceiverHasAFault(int status) {
        receiver.answer(status, "oops");

        assertThat(channel.deliver(hook, ENVELOPE, content))
                .isEqualTo(Delivery.notNow(Reason.RECEIVER_BUSY, "HTTP " + status + " oops"));
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_payload, MESSAGE_REFUSED",
        "403, action_prohibited, RECIPIENT_REFUSED",
        "404, no_service, RECIPIENT_REFUSED",
        "410, channel_is_archived, RECIPIENT_REFUSED"
    })
    void shouldNotTryAgainWhenTheReceiverRefuses(int status, String body, Reason reason) {
        receiver.answer(status, body);

        assertThat(channel.deliver(hook, ENVELOPE, content))
                .isEqualTo(new Delivery.Refused(reason, "HTTP " + status + " " + body));
        assertThat(receiver.posts).hasSize(1);
    }

    @Test
    void shouldPostTheTextAloneWhenTheBlocksAreRefused() {
        receiver.answer(400, "invalid_blocks");

        assertThat(channel.deliver(hook, ENVELOPE, content)).isInstanceOf(Delivery.Accepted.class);
        assertThat(receiver.posts.getLast().body()).isEqualTo("{\"text\":\"shop v7 is live\"}");
    }

    @Test
    void shouldSayThatNobodyKnowsWhenNoAnswerComesInTime() {
        receiver.sayNothing();

        assertThat(channel.deliver(hook, ENVELOPE, content))
                .isEqualTo(Delivery.noAnswer(Reason.TIMEOUT, "no answer within 1 s"));
        assertThat(receiver.posts).hasSize(1);
    }

    @Test
    void shouldNotFollowARedirect() {
        receiver.answer(307, Map.of("Location", receiver.url("/elsewhere")), "");

        assertThat(channel.deliver(hook, ENVELOPE, content))
                .isEqualTo(new Delivery.Refused(Reason.MESSAGE_REFUSED, "HTTP 307"));
        assertThat(receiver.posts).extracting(SlackReceiver.Post::path).containsExactly("/T1/B2/s3cr3t");
    }

    @Test
    void shouldReadNoMoreOfAnAnswerThanItNeeds() {
        receiver.answer(200, "x".repeat(10_000_000));

        assertThat(channel.deliver(hook, ENVELOPE, content))
                .isInstanceOfSatisfying(
                        Delivery.Accepted.class,
                        accepted -> assertThat(accepted.receipt()).hasSize(201).endsWith("…"));
    }

    @Test
    void shouldTryAgainWhenNobodyListens() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        assertThat(channel.deliver(hook("http://127.0.0.1:" + port + "/s3cr3t"), ENVELOPE, content))
                .isEqualTo(Delivery.notNow(Reason.UNREACHABLE, "the receiver cannot be reached"));
    }

    @Test
    void shouldPostNothingWhereNoRequestMayGo() {
        Delivery delivery = new SlackChannel(OutboundHttp.to(), Duration.ofSeconds(1)).deliver(hook, ENVELOPE, content);

        assertThat(delivery)
                .isInstanceOfSatisfying(
                        Delivery.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.ADDRESS_INVALID));
        assertThat(receiver.posts).isEmpty();
    }

    private static SlackHook hook(String url) {
        return SlackHook.parse(url);
    }

    private static ObjectNode payload() {
        ObjectNode payload = JsonNodeFactory.instance.objectNode().put("text", "shop v7 is live");
        payload.putArray("blocks").addObject().put("type", "divider");
        return payload;
    }
}
