package dev.slipway.monitor.sample;

import dev.slipway.monitor.manifest.CounterSelector;
import dev.slipway.outbound.AnswerTooLarge;
import dev.slipway.outbound.OutboundHttp;
import dev.slipway.outbound.Refused;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;

/// Asks a metrics page over HTTP. Every way it can fail is one exception with a reason for people: never the
/// URL, which may hold a secret.
@Singleton
public final class MetricsSource {
    private static final int LARGEST_PAGE = 8 << 20;
    private static final String TEXT_FORMAT = "text/plain;version=0.0.4";

    private final OutboundHttp http;

    public MetricsSource(OutboundHttp http) {
        this.http = http;
    }

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
        HttpRequest request =
                HttpRequest.newBuilder(page).header("Accept", TEXT_FORMAT).build();
        try {
            HttpResponse<byte[]> answer = http.send(request, deadline, LARGEST_PAGE);
            if (answer.statusCode() != 200) {
                throw new Unavailable("the metrics source answered with status " + answer.statusCode());
            }
            return answer.body();
        } catch (InterruptedIOException e) {
            throw (InterruptedException) new InterruptedException(e.getMessage()).initCause(e);
        } catch (IOException e) {
            throw new Unavailable(reason(e, deadline));
        }
    }

    private static String reason(IOException failure, Duration deadline) {
        return switch (failure) {
            case HttpTimeoutException _ -> "the metrics source gave no whole answer within " + deadline;
            case ConnectException _, UnknownHostException _ -> "the metrics source cannot be reached";
            case Refused refused -> "the metrics source is not asked: " + refused.getMessage();
            case AnswerTooLarge _ -> "the metrics page is larger than %d MiB".formatted(LARGEST_PAGE >> 20);
            default -> "the metrics source broke off: " + failure.getClass().getSimpleName();
        };
    }
}
