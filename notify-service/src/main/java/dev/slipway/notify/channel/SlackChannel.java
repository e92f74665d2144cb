package dev.slipway.notify.channel;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.slipway.notify.audience.SlackHook;
import dev.slipway.notify.wording.Content;
import dev.slipway.outbound.OutboundHttp;
import dev.slipway.outbound.Refused;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/// Posts to incoming webhooks as Slack has them (`{"text": …, "blocks": […]}`; 200 means accepted). Slack itself knows
/// no key for posts, so one that was accepted without our hearing of it comes twice there; receivers that do know one
/// find the notice's id in `Idempotency-Key` and `webhook-id`.
public final class SlackChannel {
    private static final int LONGEST_DETAIL = 200;
    private static final String BAD_BLOCKS = "invalid_blocks";

    private final OutboundHttp http;
    private final Duration deadline;

    /// @param deadline of one attempt, from the connection to the end of the answer
    public SlackChannel(OutboundHttp http, Duration deadline) {
        this.http = http;
        this.deadline = deadline;
    }

    /// Blocks that Slack does not like cost the whole message there, so it is tried again at once as text alone.
    public Delivery deliver(SlackHook to, Envelope envelope, Content.Slack content) {
        Delivery delivery = post(to, envelope.notice(), content.payload().toString());
        return switch (delivery) {
            case Delivery.Refused refused
            when refused.detail().contains(BAD_BLOCKS) -> post(to, envelope.notice(), textOnly(content));
            case Delivery.Accepted _, Delivery.NotNow _, Delivery.Refused _ -> delivery;
        };
    }

    private static String textOnly(Content.Slack content) {
        return JsonNodeFactory.instance
                .objectNode()
                .set("text", content.payload().get("text"))
                .toString();
    }

    private Delivery post(SlackHook to, UUID notice, String json) {
        HttpRequest request = HttpRequest.newBuilder(to.uri())
                .header("Content-Type", "application/json; charset=utf-8")
                .header("Idempotency-Key", notice.toString())
                .header("webhook-id", notice.toString())
                .POST(BodyPublishers.ofString(json))
                .build();
        try {
            return outcome(http.sendForStart(request, deadline, LONGEST_DETAIL));
        } catch (HttpTimeoutException _) {
            return Delivery.noAnswer(Reason.TIMEOUT, "no answer within " + deadline.toSeconds() + " s");
        } catch (InterruptedIOException e) {
            throw new IllegalStateException("interrupted while posting notice " + notice, e);
        } catch (IOException e) {
            return outcome(e);
        }
    }

    private static Delivery outcome(HttpResponse<byte[]> answer) {
        int status = answer.statusCode();
        String detail = Excerpt.of("HTTP " + status + " " + new String(answer.body(), UTF_8), LONGEST_DETAIL);
        if (status >= 200 && status < 300) {
            return new Delivery.Accepted(detail);
        }
        if (status == 429) {
            return new Delivery.NotNow(Reason.RATE_LIMITED, detail, retryAfter(answer), false);
        }
        if (status >= 500 || status == 408) {
            return new Delivery.NotNow(Reason.RECEIVER_BUSY, detail, retryAfter(answer), false);
        }
        // 404 and 410: the webhook is gone; 403 too, when it was taken back.
        boolean gone = status == 403 || status == 404 || status == 410;
        return new Delivery.Refused(gone ? Reason.RECIPIENT_REFUSED : Reason.MESSAGE_REFUSED, detail);
    }

    private static Delivery outcome(IOException failure) {
        return switch (failure) {
            case Refused refused -> new Delivery.Refused(Reason.ADDRESS_INVALID, refused.getMessage());
            case ConnectException _, UnknownHostException _ ->
                Delivery.notNow(Reason.UNREACHABLE, "the receiver cannot be reached");
            default ->
                Delivery.noAnswer(Reason.CONNECTION_LOST, failure.getClass().getSimpleName());
        };
    }

    /// Slack gives whole seconds; anything else is as good as nothing.
    private static Optional<Duration> retryAfter(HttpResponse<?> answer) {
        return answer.headers()
                .firstValue("Retry-After")
                .filter(value -> value.matches("\\d{1,9}"))
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
    }
}
