package dev.slipway.deploy.webhook;

import dev.slipway.deploy.webhook.BodyRoom.Place;
import dev.slipway.web.Problem;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads bodies as they came, without a thread that waits for them. How much of them is in memory at once
/// is bounded.
@Singleton
final class Bodies {
    private static final Duration ARRIVES_WITHIN = Duration.ofSeconds(10);

    private final BodyRoom room;

    Bodies(BodyRoom room) {
        this.room = room;
    }

    /// Reads a request's body and hands it on. Called on the request's event loop.
    ///
    /// @param use what is done with it; its room is free again when that is over
    /// @return failed with a [Problem] 413 for too large a body, 408 for one that takes too long, 400 for
    /// one that ends early, 503 when there is no room for it
    <T> CompletableFuture<T> read(HttpServerRequest request, Function<byte[], CompletionStage<T>> use) {
        long announced = announced(request);
        if (announced > WebhookResource.LARGEST_BODY) {
            return CompletableFuture.failedFuture(Problem.tooLarge(WebhookResource.LARGEST_BODY));
        }
        Context loop = Vertx.currentContext();
        CompletableFuture<T> answer = new CompletableFuture<>();
        // Nothing flows before there is room.
        request.pause();
        CompletableFuture<Place> place = room.enter(announced < 0 ? 2L * WebhookResource.LARGEST_BODY : announced);
        request.exceptionHandler(_ -> {
            place.completeExceptionally(brokenOff());
            answer.completeExceptionally(brokenOff());
        });
        place.whenComplete((entered, full) -> {
            if (full != null) {
                answer.completeExceptionally(full);
                return;
            }
            answer.whenComplete((_, _) -> entered.leave());
            if (Vertx.currentContext() == loop) {
                receive(request, loop, announced, use, answer);
            } else {
                loop.runOnContext(_ -> receive(request, loop, announced, use, answer));
            }
        });
        return answer;
    }

    /// -1 when the sender does not say.
    private static long announced(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? -1 : Long.parseLong(length);
        } catch (NumberFormatException _) {
            throw Problem.badRequest("Content-Length is no number.");
        }
    }

    private static <T> void receive(
            HttpServerRequest request,
            Context loop,
            long announced,
            Function<byte[], CompletionStage<T>> use,
            CompletableFuture<T> answer) {
        Arriving arriving = new Arriving(announced);
        request.handler(part -> {
            if (!arriving.add(part)) {
                answer.completeExceptionally(Problem.tooLarge(WebhookResource.LARGEST_BODY));
            }
        });
        request.endHandler(_ -> {
            if (!answer.isDone()) {
                use.apply(arriving.bytes()).whenComplete((result, failure) -> {
                    if (failure == null) {
                        answer.complete(result);
                    } else {
                        answer.completeExceptionally(failure);
                    }
                });
            }
        });
        request.resume();
        if (!request.isEnded()) {
            long timer = loop.owner().setTimer(ARRIVES_WITHIN.toMillis(), _ -> {
                if (!request.isEnded()) {
                    request.response().endHandler(_ -> request.connection().close());
                    answer.completeExceptionally(late());
                }
            });
            answer.whenComplete((_, _) -> loop.owner().cancelTimer(timer));
        }
    }

    private static Problem late() {
        return Problem.of(
                408,
                "body-too-slow",
                "Body too slow",
                "The body was not there after %d seconds.".formatted(ARRIVES_WITHIN.toSeconds()),
                Map.of());
    }

    private static Problem brokenOff() {
        return Problem.badRequest("The body could not be read to its end.");
    }

    /// A body on its way in: into an array of its announced length, or into one that grows.
    private static final class Arriving {
        private final byte @Nullable [] exact;
        private final ByteArrayOutputStream growing;
        private int length;

        Arriving(long announced) {
            this.exact = announced < 0 ? null : new byte[(int) announced];
            this.growing = new ByteArrayOutputStream(announced < 0 ? 1024 : 0);
        }

        /// @return false when it is too much; what comes is thrown away from then on
        boolean add(Buffer part) {
            if (length + part.length() > (exact == null ? WebhookResource.LARGEST_BODY : exact.length)) {
                length = WebhookResource.LARGEST_BODY;
                growing.reset();
                return false;
            }
            if (exact == null) {
                growing.writeBytes(part.getBytes());
            } else {
                part.getBytes(exact, length);
            }
            length += part.length();
            return true;
        }

        byte[] bytes() {
            return exact == null ? growing.toByteArray() : exact;
        }
    }
}
