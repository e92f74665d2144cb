package dev.slipway.monitor.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.monitor.manifest.CounterSelector;
import dev.slipway.outbound.OutboundHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsSourceTest {
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final CounterSelector REQUESTS =
            CounterSelector.of("requests_total", Map.of("version", "${version}"));
    private static final CounterSelector ERRORS =
            CounterSelector.of("requests_total", Map.of("version", "${version}", "status", "5.."));

    private final CountDownLatch end = new CountDownLatch(1);
    private final MetricsSource source = new MetricsSource(OutboundHttp.to("127.0.0.0/8"));
    private HttpServer server;

    @AfterEach
    void stop() {
        end.countDown();
        if (server != null) {
            server.stop(0);
        }
    }

    @Test
    void shouldReadAPageOverHttp() throws Exception {
        URI page = serve(exchange -> answer(
                exchange,
                200,
                exchange.getRequestHeaders().getFirst("Accept").equals("text/plain;version=0.0.4")
                        ? "requests_total{version=\"v1\",status=\"500\"} 3\nrequests_total{version=\"v1\",status=\"200\"} 7\n"
                        : ""));

        assertThat(source.read(page, REQUESTS, ERRORS, DEADLINE)).isEqualTo(Map.of("v1", new Tally(10, 3)));
    }

    @Test
    void shouldSayTheStatusOfARefusal() throws IOException {
        URI page = serve(exchange -> answer(exchange, 503, "requests_total{version=\"v1\"} 1"));

        assertUnavailable(page, DEADLINE, "the metrics source answered with status 503");
    }

    @Test
    void shouldNotFollowARedirect() throws IOException {
        URI page = serve(exchange -> {
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            answer(exchange, 302, "");
        });

        assertUnavailable(page, DEADLINE, "the metrics source answered with status 302");
    }

    @Test
    void shouldNotWaitForAnAnswerThatTrickles() throws IOException {
        URI page = serve(exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write('#');
            exchange.getResponseBody().flush();
            await();
        });

        assertUnavailable(page, Duration.ofMillis(300), "the metrics source gave no whole answer within PT0.3S");
    }

    @Test
    void shouldNotReadAPageWithoutEnd() throws IOException {
        URI page = serve(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] line = ("# " + "x".repeat(8190) + "\n").getBytes(StandardCharsets.UTF_8);
            try (exchange) {
                for (int i = 0; i < 2000; i++) {
                    exchange.getResponseBody().write(line);
                }
            }
        });

        assertUnavailable(page, DEADLINE, "the metrics page is larger than 8 MiB");
    }

    @Test
    void shouldSayThatNobodyListens() throws IOException {
        URI page = serve(exchange -> {});
        server.stop(0);

        assertUnavailable(page, DEADLINE, "the metrics source cannot be reached");
    }

    @Test
    void shouldNotAskWhereNoRequestMayGo() throws IOException {
        URI page = serve(exchange -> answer(exchange, 200, "requests_total{version=\"v1\"} 1"));

        assertThatThrownBy(() -> new MetricsSource(OutboundHttp.to()).read(page, REQUESTS, ERRORS, DEADLINE))
                .isInstanceOf(MetricsSource.Unavailable.class)
                .hasMessageContaining("is not asked")
                .hasMessageContaining("slipway.guards.open-networks");
    }

    @Test
    void shouldSayWhereAPageIsNoMetrics() throws IOException {
        URI page = serve(exchange -> answer(exchange, 200, "<html>Log in</html>"));

        assertUnavailable(page, DEADLINE, "line 1 of the metrics page: a name should start at column 1");
    }

    private void assertUnavailable(URI page, Duration deadline, String reason) {
        assertThatThrownBy(() -> source.read(page, REQUESTS, ERRORS, deadline))
                .isInstanceOf(MetricsSource.Unavailable.class)
                .hasMessage(reason)
                .hasMessageNotContaining("token");
    }

    private URI serve(HttpHandler handler) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/metrics", handler);
        server.start();
        return URI.create("http://localhost:%d/metrics?token=secret"
                .formatted(server.getAddress().getPort()));
    }

    private void await() {
        try {
            end.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        try (exchange) {
            exchange.getResponseBody().write(bytes);
        }
    }
}
