package dev.slipway.outbound;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One request and its answer.
final class Exchange {
    private final HttpClient client;
    private final HttpRequest request;
    private final int mostBytes;
    private final boolean startOnly;
    private final CompletableFuture<HttpResponse<byte[]>> answer = new CompletableFuture<>();
    private volatile @Nullable HttpClientRequest sending;

    /// @param startOnly whether the body is cut off at `mostBytes` instead of being refused
    Exchange(HttpClient client, HttpRequest request, int mostBytes, boolean startOnly) {
        this.client = client;
        this.request = request;
        this.mostBytes = mostBytes;
        this.startOnly = startOnly;
    }

    HttpResponse<byte[]> run(Lookup lookup, Duration deadline) throws IOException {
        long end = System.nanoTime() + deadline.toNanos();
        try {
            Destination destination = found(lookup, end);
            byte[] body = Bodies.of(request, end);
            connect(destination, destination.addresses(), body);
            return answer.get(left(end), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            throw new HttpTimeoutException("no answer within " + deadline.toMillis() + " ms");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for an answer");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } finally {
            answer.cancel(true);
            giveUp();
        }
    }

    /// A name server may take its time; asking it cannot be broken off, only left alone.
    private Destination found(Lookup lookup, long end)
            throws InterruptedException, TimeoutException, ExecutionException {
        FutureTask<Destination> asking = new FutureTask<>(() -> lookup.of(request));
        Thread.ofVirtual().name("outbound-lookup").start(asking);
        return asking.get(left(end), TimeUnit.NANOSECONDS);
    }

    private static long left(long end) {
        return Math.max(0, end - System.nanoTime());
    }

    /// Tries one address after the other until somebody listens.
    private void connect(Destination destination, List<InetAddress> addresses, byte[] body) {
        client.request(options(destination, addresses.getFirst()))
                .onFailure(failure -> {
                    if (failure instanceof ConnectException && addresses.size() > 1 && !answer.isDone()) {
                        connect(destination, addresses.subList(1, addresses.size()), body);
                    } else {
                        fail(failure);
                    }
                })
                .onSuccess(opened -> {
                    sending = opened;
                    if (answer.isDone()) {
                        giveUp();
                        return;
                    }
                    send(opened, body).onFailure(this::fail).onSuccess(this::receive);
                });
    }

    private RequestOptions options(Destination destination, InetAddress address) {
        URI url = request.uri();
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(request.method()))
                // The connection goes to the address that was checked; the name is for the Host header and for TLS.
                .setServer(SocketAddress.inetSocketAddress(destination.port(), address.getHostAddress()))
                .setHost(destination.host())
                .setPort(destination.port())
                .setSsl(destination.tls())
                .setURI(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery());
        request.headers().map().forEach((name, values) -> values.forEach(value -> options.addHeader(name, value)));
        return options;
    }

    private Future<HttpClientResponse> send(HttpClientRequest opened, byte[] body) {
        boolean bodiless = request.bodyPublisher().isEmpty() || body.length == 0 && isRead(request.method());
        return bodiless ? opened.send() : opened.send(Buffer.buffer(body));
    }

    private static boolean isRead(String method) {
        return method.equals("GET") || method.equals("HEAD") || method.equals("DELETE") || method.equals("OPTIONS");
    }

    private void receive(HttpClientResponse response) {
        Buffer body = Buffer.buffer();
        response.exceptionHandler(this::fail);
        response.handler(chunk -> {
            int room = mostBytes - body.length();
            if (chunk.length() <= room) {
                body.appendBuffer(chunk);
            } else if (startOnly) {
                body.appendBuffer(chunk, 0, room);
                complete(response, body);
            } else {
                fail(new AnswerTooLarge(mostBytes));
            }
        });
        response.endHandler(_ -> complete(response, body));
    }

    private void complete(HttpClientResponse response, Buffer body) {
        answer.complete(new Answer(request, response.statusCode(), Answer.headers(response), body.getBytes()));
    }

    private void fail(Throwable failure) {
        answer.completeExceptionally(
                failure instanceof IOException ? failure : new IOException(reason(failure), failure));
    }

    private static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }

    /// Closes the connection of an exchange that is not over; nothing to do for one that is.
    private void giveUp() {
        HttpClientRequest opened = sending;
        if (opened != null) {
            opened.reset();
        }
    }

    /// Finds where a request goes.
    interface Lookup {
        Destination of(HttpRequest request) throws IOException;
    }

    /// The bytes a request sends.
    private static final class Bodies implements Flow.Subscriber<ByteBuffer> {
        private final HttpResponse.BodySubscriber<byte[]> collector = HttpResponse.BodySubscribers.ofByteArray();

        static byte[] of(HttpRequest request, long end)
                throws InterruptedException, TimeoutException, ExecutionException {
            if (request.bodyPublisher().isEmpty()) {
                return new byte[0];
            }
            Bodies bodies = new Bodies();
            request.bodyPublisher().get().subscribe(bodies);
            return bodies.collector.getBody().toCompletableFuture().get(left(end), TimeUnit.NANOSECONDS);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            collector.onSubscribe(subscription);
        }

        @Override
        public void onNext(ByteBuffer bytes) {
            collector.onNext(List.of(bytes));
        }

        @Override
        public void onError(Throwable failure) {
            collector.onError(failure);
        }

        @Override
        public void onComplete() {
            collector.onComplete();
        }
    }
}
