package dev.slipway.demo.edge;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.httpproxy.HttpProxy;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Takes each request to a colour, or answers it itself while maintenance is on. Everything happens on one event loop.
final class Traffic {
    private static final String VERSION_HEADER = "X-Shop-Version";
    private static final EdgeMetrics.Side MAINTENANCE = new EdgeMetrics.Side("maintenance", "none");

    private final Map<String, HttpProxy> proxies = new HashMap<>();
    private final Map<String, String> lastVersion = new HashMap<>();
    private final SmoothChoice choice;
    private final EdgeMetrics metrics;
    private boolean maintenance;
    private int inFlight;
    private Promise<Void> drained = Promise.promise();

    Traffic(Vertx vertx, Map<String, URI> backends, EdgeMetrics metrics) {
        this.choice = new SmoothChoice(Weights.all("blue", backends.keySet()));
        this.metrics = metrics;
        backends.forEach((colour, backend) -> {
            var options = new HttpClientOptions()
                    .setConnectTimeout(2_000)
                    .setKeepAliveTimeout(10)
                    .setReadIdleTimeout(10)
                    .setDefaultHost(backend.getHost())
                    .setDefaultPort(backend.getPort());
            proxies.put(
                    colour,
                    HttpProxy.reverseProxy(vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(64)))
                            .origin(backend.getPort(), backend.getHost()));
        });
    }

    void handle(HttpServerRequest request) {
        long start = System.nanoTime();
        HttpServerResponse response = request.response();
        if (maintenance) {
            response.setStatusCode(503).putHeader("Retry-After", "5").end("The shop is being worked on.\n");
            metrics.count(MAINTENANCE, 503, since(start));
            return;
        }
        String colour = choice.next();
        inFlight++;
        response.endHandler(_ -> answered(colour, response, start));
        proxies.get(colour).handle(request);
    }

    Weights weights() {
        return choice.weights();
    }

    void weights(Weights weights) {
        choice.set(weights);
    }

    boolean maintenance() {
        return maintenance;
    }

    /// @return done when the switch holds: once it is on, after the last request that was let through before
    Future<Void> maintenance(boolean on) {
        maintenance = on;
        if (!on || inFlight == 0) {
            return Future.succeededFuture();
        }
        return drained.future();
    }

    private void answered(String colour, HttpServerResponse response, long start) {
        String version = response.headers().get(VERSION_HEADER);
        if (version != null) {
            lastVersion.put(colour, version);
        }
        var side = new EdgeMetrics.Side(colour, lastVersion.getOrDefault(colour, "none"));
        metrics.count(side, response.getStatusCode(), since(start));
        if (--inFlight == 0) {
            Promise<Void> empty = drained;
            drained = Promise.promise();
            empty.complete();
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
