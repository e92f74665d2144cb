package dev.slipway.monitor.watch;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/// An edge with a real metrics page and made-up traffic: random, but the same for the same seed.
final class SimulatedEdge implements AutoCloseable {
    private record Stream(int perSecond, double errorRate) {}

    private final Random random;
    private final HttpServer server;
    private final Map<String, Stream> streams = new LinkedHashMap<>();
    private final Map<String, long[]> counters = new ConcurrentHashMap<>();
    private volatile boolean down;

    SimulatedEdge(long seed) {
        random = new Random(seed);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/metrics", exchange -> {
            byte[] page = page().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(down ? 503 : 200, page.length);
            try (exchange) {
                exchange.getResponseBody().write(page);
            }
        });
        server.start();
    }

    String metrics() {
        return "http://localhost:%d/metrics".formatted(server.getAddress().getPort());
    }

    /// From now on a version gets this many requests per second on average, and fails this part of them.
    void traffic(String version, int perSecond, double errorRate) {
        streams.put(version, new Stream(perSecond, errorRate));
    }

    /// The traffic of some time.
    void flow(Duration time) {
        streams.forEach((version, stream) -> {
            long[] counter = counters.computeIfAbsent(version, _ -> new long[2]);
            // Two chances a millisecond: nearly Poisson, and bounded.
            for (long chance = 0; chance < 2 * time.toMillis(); chance++) {
                if (random.nextInt(2000) < stream.perSecond) {
                    counter[random.nextDouble() < stream.errorRate ? 1 : 0]++;
                }
            }
        });
    }

    void down(boolean isDown) {
        down = isDown;
    }

    /// Its process starts anew: all counters are gone.
    void restart() {
        counters.clear();
    }

    private String page() {
        StringBuilder page = new StringBuilder("# TYPE edge_requests_total counter\n");
        page.append("edge_requests_total{colour=\"maintenance\",version=\"none\",status=\"503\"} 0\n");
        counters.forEach((version, counter) -> page.append("""
                edge_requests_total{colour="blue",version="%1$s",status="200"} %2$d
                edge_requests_total{colour="blue",version="%1$s",status="500"} %3$d
                """.formatted(version, counter[0], counter[1])));
        return page.toString();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
