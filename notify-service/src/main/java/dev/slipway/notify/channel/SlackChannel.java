package dev.slipway.notify.channel;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.slipway.notify.audience.SlackHook;
import dev.slipway.notify.wording.Content;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Posts to incoming webhooks as Slack has them (`{"text": …, "blocks": […]}`; 200 means accepted). Slack itself knows
/// no
/// key for posts, so one that was accepted without our hearing of it comes twice there; receivers that do know one find
/// the notice's id in `Idempotency-Key` and `webhook-id`.
public final class SlackChannel {
    private static final int LONGEST_DETAIL = 200;
    private static final String BAD_BLOCKS = "invalid_blocks";

    private final HttpClient http;
    private final Duration deadline;

    /// @param deadline of one attempt, from the connection to the end of the answer
    public SlackChannel(Duration deadline) {
        this.deadline = deadline;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(deadline)
                // A redirect would hand the message to a host nobody configured.
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
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
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(request, _ -> new BodyStart(LONGEST_DETAIL));
        try {
            return outcome(answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException _) {
            answer.cancel(true);
            return Delivery.noAnswer(Reason.TIMEOUT, "no answer within " + deadline.toSeconds() + " s");
        } catch (ExecutionException e) {
            return outcome(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while posting notice " + notice, e);
        }
    }

    private static Delivery outcome(HttpResponse<String> answer) {
        int status = answer.statusCode();
        String detail = Excerpt.of("HTTP " + status + " " + answer.body(), LONGEST_DETAIL);
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

    private static Delivery outcome(Throwable failure) {
        return switch (failure) {
            case ConnectException _ -> Delivery.notNow(Reason.UNREACHABLE, "the receiver cannot be reached");
            case java.net.http.HttpConnectTimeoutException _ ->
                Delivery.notNow(Reason.UNREACHABLE, "the receiver cannot be reached in time");
            case IOException e ->
                Delivery.noAnswer(Reason.CONNECTION_LOST, e.getClass().getSimpleName());
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
