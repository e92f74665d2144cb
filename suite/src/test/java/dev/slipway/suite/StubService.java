package dev.slipway.suite;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A service as far as manifests go: answers a PUT with what the test told it to, and remembers what it was asked.
final class StubService implements AutoCloseable {
    private static final String AGREES = """
            {"application":"shop","hash":"sha256:abc","changed":true,"dryRun":false}""";

    private final HttpServer server;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private volatile Answer dryRun = new Answer(200, AGREES);
    private volatile Answer put = new Answer(200, AGREES);

    private record Answer(int status, String body) {}

    StubService() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// Refuses both the check and the manifest itself.
    StubService refusing(int status, String body) {
        dryRun = new Answer(status, body);
        put = dryRun;
        return this;
    }

    /// Agrees when it is asked, and fails when it is given the manifest.
    StubService failingLater(int status, String body) {
        put = new Answer(status, body);
        return this;
    }

    /// `PUT /api/v1/… Bearer …`
    List<String> requests() {
        return requests;
    }

    List<String> bodies() {
        return bodies;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String token = exchange.getRequestHeaders().getFirst("Authorization");
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + token);
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        boolean dry = "dryRun=true".equals(exchange.getRequestURI().getQuery());
        Answer answer = dry ? dryRun : put;
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
