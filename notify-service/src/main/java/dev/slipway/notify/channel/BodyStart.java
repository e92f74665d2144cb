package dev.slipway.notify.channel;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/// Reads the first bytes of an answer and leaves the rest where it is: the status says what is needed, and nobody can
/// fill our memory.
final class BodyStart implements BodySubscriber<String> {
    private final int limit;
    private final ByteArrayOutputStream start = new ByteArrayOutputStream();
    private final CompletableFuture<String> body = new CompletableFuture<>();
    private @Nullable Subscription subscription;

    BodyStart(int limit) {
        this.limit = limit;
    }

    @Override
    public CompletionStage<String> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Subscription theirs) {
        subscription = theirs;
        theirs.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            while (buffer.hasRemaining() && start.size() < limit) {
                start.write(buffer.get());
            }
        }
        if (start.size() >= limit && subscription != null) {
            subscription.cancel();
            onComplete();
        }
    }

    @Override
    public void onError(Throwable failure) {
        // The status has come by then: what is missing of the text does not matter.
        onComplete();
    }

    @Override
    public void onComplete() {
        body.complete(start.toString(StandardCharsets.UTF_8));
    }
}
