package dev.slipway.trials.chaos;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Stands where chat systems would: takes posts with the key in `webhook-id`, as its mood lets it.
final class HookReceiver implements AutoCloseable {
    private static final int LONGEST_BODY = 256 * 1024;
    private static final int RETRY_AFTER_SECONDS = 3;

    private final HttpServer server;
    private final Receipts receipts;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Mood mood = Mood.WELL;

    HookReceiver(Receipts receipts) throws IOException {
        this.receipts = receipts;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::take);
        server.start();
    }

    URI url(String application) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + application);
    }

    void mood(Mood next) {
        mood = next;
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readNBytes(LONGEST_BODY);
            String to = exchange.getRequestURI().getPath().substring(1);
            String key = Optional.ofNullable(exchange.getRequestHeaders().getFirst("webhook-id"))
                    .orElse("");
            switch (mood) {
                case WELL -> {
                    receipts.write("hook", to, key, "accepted");
                    answer(exchange, 200, "ok");
                }
                case FAILING -> {
                    receipts.write("hook", to, key, "refused");
                    answer(exchange, 500, "internal_error");
                }
                case LIMITING -> {
                    receipts.write("hook", to, key, "refused");
                    exchange.getResponseHeaders().add("Retry-After", Integer.toString(RETRY_AFTER_SECONDS));
                    answer(exchange, 429, "rate_limited");
                }
                case HANGING -> silence(Receipts.SILENCE);
                case SWALLOWING -> {
                    receipts.write("hook", to, key, "swallowed");
                    silence(Receipts.SILENCE);
                }
            }
        }
    }

    private void silence(Duration longest) {
        try {
            closing.await(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
