package dev.slipway.monitor.sample;

import dev.slipway.monitor.manifest.CounterSelector;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks a metrics page over HTTP. Every way it can fail is one exception with a reason for people: never the
/// URL, which may hold a secret.
@Singleton
public final class MetricsSource {
    private static final long LARGEST_PAGE = 8L * 1024 * 1024;
    private static final String TEXT_FORMAT = "text/plain;version=0.0.4";

    private final HttpClient client =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

    /// There are no counters this time.
    public static final class Unavailable extends Exception {
        private static final long serialVersionUID = 1L;

        Unavailable(String reason) {
            super(reason);
        }
    }

    /// The counters of every version on the page.
    ///
    /// @param deadline for the whole exchange, up to the page's last byte
    /// @throws Unavailable when the page does not come, or is not what was expected
    public Map<String, Tally> read(URI page, CounterSelector requests, CounterSelector errors, Duration deadline)
            throws Unavailable, InterruptedException {
        try {
            return CounterReading.read(MetricsPage.read(get(page, deadline)), requests, errors);
        } catch (UnreadableMetrics e) {
            throw new Unavailable(e.getMessage());
        }
    }

    private byte[] get(URI page, Duration deadline) throws Unavailable, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(page)
                .header("Accept", TEXT_FORMAT)
                .timeout(deadline)
                .build();
        CompletableFuture<HttpResponse<byte[]>> exchange =
                client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_PAGE));
        try {
            HttpResponse<byte[]> answer = exchange.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.statusCode() != 200) {
                throw new Unavailable("the metrics source answered with status " + answer.statusCode());
            }
            return answer.body();
        } catch (TimeoutException _) {
            throw new Unavailable("the metrics source gave no whole answer within " + deadline);
        } catch (ExecutionException e) {
            throw new Unavailable(reason(e.getCause(), deadline));
        } finally {
            exchange.cancel(true);
        }
    }

    private static String reason(Throwable failure, Duration deadline) {
        return switch (failure) {
            case java.net.http.HttpTimeoutException _ -> "the metrics source gave no answer within " + deadline;
            case java.net.ConnectException _ -> "the metrics source cannot be reached";
            case IOException e
            when String.valueOf(e.getMessage()).contains("body exceeds capacity") ->
                "the metrics page is larger than %d MiB".formatted(LARGEST_PAGE >> 20);
            default -> "the metrics source broke off: " + failure.getClass().getSimpleName();
        };
    }

    @PreDestroy
    void close() {
        client.shutdownNow();
    }
}
