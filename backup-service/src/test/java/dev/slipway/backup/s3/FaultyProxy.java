package dev.slipway.backup.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Stands before the bucket server and breaks what a test wants broken.
public final class FaultyProxy implements AutoCloseable {
    private static final Set<String> NOT_PASSED_ON =
            Set.of("connection", "content-length", "expect", "host", "upgrade", "transfer-encoding");

    private static final List<String> PROTECTION =
            List.of("x-amz-server-side-encryption", "x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date");

    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();

    /// What goes wrong.
    public enum Kind {
        /// The request is answered with that status and an error of S3.
        ANSWER,
        /// The connection is closed without an answer, after the request was passed on.
        CUT_AFTER,
        /// The answer breaks off in its middle.
        CUT_WITHIN,
        /// Nothing happens for longer than anybody waits.
        SILENCE,
        /// Half a second passes first.
        SLOW
    }

    /// @param times how often, at most
    private record Fault(Predicate<String> request, Kind kind, int status, String code, int[] times) {}

    public FaultyProxy() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// Answers requests that begin with `request` (`PUT /bucket/…`) and hold `part` by an error.
    public FaultyProxy answering(int status, String code, String method, String part, int times) {
        faults.add(new Fault(matching(method, part), Kind.ANSWER, status, code, new int[] {times}));
        return this;
    }

    public FaultyProxy with(Kind kind, String method, String part, int times) {
        faults.add(new Fault(matching(method, part), kind, 0, "", new int[] {times}));
        return this;
    }

    /// What was asked, `PUT /bucket/key?partNumber=1`, and how it is to be protected.
    public List<String> requests() {
        return List.copyOf(requests);
    }

    private static Predicate<String> matching(String method, String part) {
        return request -> request.startsWith(method + " ") && request.contains(part);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        String protection = PROTECTION.stream()
                .map(exchange.getRequestHeaders()::getFirst)
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" "));
        requests.add((request + " " + protection).strip());
        byte[] body = exchange.getRequestBody().readAllBytes();
        Fault fault = next(request);
        Kind kind = fault == null ? null : fault.kind();
        if (kind == Kind.ANSWER) {
            answer(exchange, fault);
            return;
        }
        if (kind == Kind.SILENCE) {
            LockSupport.parkNanos(Duration.ofSeconds(60).toNanos());
            exchange.close();
            return;
        }
        if (kind == Kind.SLOW) {
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
        }
        pass(exchange, body, kind);
    }

    private synchronized Fault next(String request) {
        for (Fault fault : faults) {
            if (fault.times()[0] > 0 && fault.request().test(request)) {
                fault.times()[0]--;
                return fault;
            }
        }
        return null;
    }

    private static void answer(HttpExchange exchange, Fault fault) throws IOException {
        byte[] body = "<Error><Code>%s</Code><Message>as the test wants it</Message></Error>"
                .formatted(fault.code())
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(fault.status(), head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private void pass(HttpExchange exchange, byte[] body, Kind kind) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        S3Server.endpoint().resolve(exchange.getRequestURI().toString()))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!NOT_PASSED_ON.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        HttpResponse<byte[]> answer;
        try {
            answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        if (kind == Kind.CUT_AFTER) {
            exchange.close();
            return;
        }
        answer.headers().map().forEach((name, values) -> {
            if (!NOT_PASSED_ON.contains(name)) {
                values.forEach(value -> exchange.getResponseHeaders().add(name, value));
            }
        });
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            answer.headers()
                    .firstValue("content-length")
                    .ifPresent(length -> exchange.getResponseHeaders().set("Content-Length", length));
        }
        exchange.sendResponseHeaders(
                answer.statusCode(), head || answer.body().length == 0 ? -1 : answer.body().length);
        if (!head && answer.body().length > 0) {
            OutputStream out = exchange.getResponseBody();
            out.write(answer.body(), 0, kind == Kind.CUT_WITHIN ? answer.body().length / 2 : answer.body().length);
            out.flush();
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
