package dev.slipway.demo.edge;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The reverse proxy in front of the shop's two colours: the customers' door on one port, its own interface and
/// metrics on another. Starts with everything on blue.
public final class Edge {
    private static final int START_SECONDS = 10;

    private final int port;
    private final int adminPort;

    private Edge(int port, int adminPort) {
        this.port = port;
        this.adminPort = adminPort;
    }

    /// @param blue where that colour listens, now or later
    /// @param token what the admin's calls need
    public static Edge start(Vertx vertx, URI blue, URI green, String token) throws TimeoutException {
        var loop = new Loop(Map.of("blue", blue, "green", green), token);
        try {
            vertx.deployVerticle(loop).toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the edge started", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "the edge does not start: " + e.getCause().getMessage(), e);
        }
        return new Edge(loop.traffic.actualPort(), loop.admin.actualPort());
    }

    /// The customers' door.
    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public URI adminUrl() {
        return URI.create("http://127.0.0.1:" + adminPort);
    }

    public URI metricsUrl() {
        return adminUrl().resolve("/metrics");
    }

    /// Puts traffic and admin on one event loop, so that neither needs locks.
    private static final class Loop extends AbstractVerticle {
        private final Map<String, URI> backends;
        private final String token;
        private HttpServer traffic;
        private HttpServer admin;

        Loop(Map<String, URI> backends, String token) {
            this.backends = backends;
            this.token = token;
        }

        @Override
        public void start(Promise<Void> started) {
            var metrics = new EdgeMetrics();
            var routes = new Traffic(vertx, backends, metrics);
            // Plain HTTP/1.1: after an upgrade to HTTP/2 the proxy leaves a request whose backend went away without an
            // answer.
            var options =
                    new HttpServerOptions().setHost("127.0.0.1").setPort(0).setHttp2ClearTextEnabled(false);
            traffic = vertx.createHttpServer(options).requestHandler(routes::handle);
            admin = vertx.createHttpServer(options).requestHandler(new Admin(routes, metrics, token)::handle);
            Future.all(traffic.listen(), admin.listen()).<Void>mapEmpty().onComplete(started);
        }
    }
}
