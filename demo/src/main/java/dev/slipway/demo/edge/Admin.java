package dev.slipway.demo.edge;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The edge's own interface: `GET /admin/state`, `PUT /admin/weights`, `PUT /admin/maintenance` with the admin's token,
/// and `GET /metrics` without. Every answer of the first three is the state.
final class Admin {
    private static final int DRAIN_SECONDS = 5;

    private final Traffic traffic;
    private final EdgeMetrics metrics;
    private final byte[] authorization;

    Admin(Traffic traffic, EdgeMetrics metrics, String token) {
        this.traffic = traffic;
        this.metrics = metrics;
        this.authorization = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
    }

    void handle(HttpServerRequest request) {
        if (request.path().equals("/metrics")) {
            request.response()
                    .putHeader("Content-Type", EdgeMetrics.CONTENT_TYPE)
                    .end(metrics.text());
        } else if (!isAdmin(request)) {
            problem(request, 401, "this needs the admin's token");
        } else {
            route(request);
        }
    }

    private void route(HttpServerRequest request) {
        switch (request.method() + " " + request.path()) {
            case "GET /admin/state" -> answer(request, Future.succeededFuture());
            case "PUT /admin/weights" ->
                request.body()
                        .onSuccess(body -> answer(request, Future.future(done -> {
                            traffic.weights(weights(body));
                            done.complete();
                        })));
            case "PUT /admin/maintenance" ->
                request.body()
                        .onSuccess(body -> answer(
                                request,
                                Future.future(done -> traffic.maintenance(on(body))
                                        .timeout(DRAIN_SECONDS, TimeUnit.SECONDS)
                                        .onComplete(done))));
            default -> problem(request, request.method() == HttpMethod.GET ? 404 : 405, "there is no such call");
        }
    }

    private boolean isAdmin(HttpServerRequest request) {
        String given = request.getHeader("Authorization");
        return given != null && MessageDigest.isEqual(authorization, given.getBytes(StandardCharsets.UTF_8));
    }

    private Weights weights(Buffer body) {
        if (!(object(body).getValue("weights") instanceof JsonObject given)) {
            throw new IllegalArgumentException("weights: an object of colour and percent");
        }
        Map<String, Integer> percent = new TreeMap<>();
        given.forEach(entry -> {
            if (!(entry.getValue() instanceof Integer share)) {
                throw new IllegalArgumentException("weights.%s: a whole number".formatted(entry.getKey()));
            }
            percent.put(entry.getKey(), share);
        });
        if (!percent.keySet().equals(traffic.weights().percent().keySet())) {
            throw new IllegalArgumentException(
                    "weights: exactly " + traffic.weights().percent().keySet());
        }
        return Weights.of(percent);
    }

    private static boolean on(Buffer body) {
        if (!(object(body).getValue("on") instanceof Boolean on)) {
            throw new IllegalArgumentException("on: true or false");
        }
        return on;
    }

    private static JsonObject object(Buffer body) {
        try {
            return body.toJsonObject();
        } catch (DecodeException | ClassCastException _) {
            throw new IllegalArgumentException("the body is no JSON object");
        }
    }

    private void answer(HttpServerRequest request, Future<Void> done) {
        done.onSuccess(_ -> json(request, 200, state())).onFailure(failure -> {
            switch (failure) {
                case IllegalArgumentException nonsense -> problem(request, 422, nonsense.getMessage());
                case TimeoutException _ -> problem(request, 504, "requests let through before are still under way");
                default -> problem(request, 500, "the edge has a problem");
            }
        });
    }

    private JsonObject state() {
        var weights = new JsonObject();
        traffic.weights().percent().forEach(weights::put);
        return new JsonObject().put("weights", weights).put("maintenance", traffic.maintenance());
    }

    private static void problem(HttpServerRequest request, int status, String detail) {
        json(request, status, new JsonObject().put("status", status).put("detail", detail));
    }

    private static void json(HttpServerRequest request, int status, JsonObject body) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(body.encode());
    }
}
