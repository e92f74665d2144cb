package dev.slipway.demo.shop;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;

/// The shop over HTTP: `/healthz`, `POST /api/login`, `GET|POST /api/orders`. Every answer names the version that gave
/// it in `X-Shop-Version`.
final class ShopServer implements AutoCloseable {
    static final String VERSION_HEADER = "X-Shop-Version";

    private static final int LONGEST_BODY = 16 * 1024;
    private static final String BEARER = "Bearer ";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();

    private final ShopRelease release;
    private final Orders orders;
    private final Logins logins;
    private final LoadFault fault;
    private final HttpServer server;

    /// What a route says. @param body written as JSON
    private record Answer(int status, Object body) {
        static Answer problem(int status, String detail) {
            return new Answer(status, Map.of("status", status, "detail", detail));
        }
    }

    private record Health(String status, String version, int schema) {}

    @FunctionalInterface
    private interface Route {
        Answer answer(HttpExchange exchange) throws IOException, SQLException;
    }

    /// @param port 0 takes a free one
    ShopServer(int port, ShopRelease release, Orders orders, Logins logins, Clock clock) throws IOException {
        this.release = release;
        this.orders = orders;
        this.logins = logins;
        this.fault = new LoadFault(clock);
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 256);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        serve("/healthz", this::health);
        serve("/api/login", this::logIn);
        serve("/api/orders", this::orders);
        server.createContext("/", exchange -> send(exchange, Answer.problem(404, "there is no such page")));
    }

    void start() {
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(1);
    }

    private Answer health(HttpExchange exchange) throws SQLException {
        return new Answer(200, new Health("ok", release.version(), orders.schemaVersion()));
    }

    private Answer logIn(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("POST")) {
            return Answer.problem(405, "log in with POST");
        }
        JsonNode body = body(exchange);
        return logins.logIn(body.path("user").asText(), body.path("password").asText())
                .map(token -> new Answer(200, Map.of("token", token)))
                .orElseGet(() -> Answer.problem(401, "user and password do not belong together"));
    }

    private Answer orders(HttpExchange exchange) throws IOException, SQLException {
        Optional<String> user = user(exchange);
        if (user.isEmpty()) {
            return Answer.problem(401, "log in first");
        }
        if (release.isFaulty() && fault.strikes()) {
            throw new SQLException("out of connections");
        }
        return switch (exchange.getRequestMethod()) {
            case "GET" -> new Answer(200, Map.of("orders", orders.newest(user.get())));
            case "POST" -> {
                JsonNode body = body(exchange);
                var request = new Order.Request(
                        body.path("item").asText(), body.path("quantity").asInt());
                yield new Answer(201, orders.create(user.get(), request));
            }
            default -> Answer.problem(405, "orders know GET and POST");
        };
    }

    private Optional<String> user(HttpExchange exchange) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .filter(value -> value.startsWith(BEARER))
                .flatMap(value -> logins.user(value.substring(BEARER.length())));
    }

    private static JsonNode body(HttpExchange exchange) throws IOException {
        try (InputStream in = exchange.getRequestBody()) {
            byte[] bytes = in.readNBytes(LONGEST_BODY + 1);
            if (bytes.length > LONGEST_BODY) {
                throw new IllegalArgumentException("more than %d bytes".formatted(LONGEST_BODY));
            }
            return JSON.readTree(bytes);
        } catch (JsonProcessingException _) {
            throw new IllegalArgumentException("the body is not JSON");
        }
    }

    private void serve(String path, Route route) {
        server.createContext(path, exchange -> {
            if (exchange.getRequestURI().getPath().equals(path)) {
                send(exchange, answer(route, exchange));
            } else {
                send(exchange, Answer.problem(404, "there is no such page"));
            }
        });
    }

    private static Answer answer(Route route, HttpExchange exchange) throws IOException {
        try {
            return route.answer(exchange);
        } catch (IllegalArgumentException e) {
            return Answer.problem(422, e.getMessage());
        } catch (SQLException e) {
            Shop.log(
                    "request=%s status=500 reason=\"%s\"",
                    exchange.getRequestURI().getPath(), e.getMessage());
            return Answer.problem(500, "the shop has a problem");
        }
    }

    private void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = JSON.writeValueAsBytes(answer.body());
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set(VERSION_HEADER, release.version());
        try (exchange) {
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
