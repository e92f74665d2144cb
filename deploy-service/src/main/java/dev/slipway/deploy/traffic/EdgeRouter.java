package dev.slipway.deploy.traffic;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.slipway.deploy.http.HttpCalls;
import dev.slipway.outbound.Refused;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Shifts traffic by the admin calls of an edge proxy:
///
/// | call | body | answer |
/// | --- | --- | --- |
/// | `GET /admin/state` | | the state |
/// | `PUT /admin/weights` | `{"weights": {"blue": 90, "green": 10}}` | the state |
/// | `PUT /admin/maintenance` | `{"on": true}` | the state |
///
/// The state is `{"weights": {"blue": 90, "green": 10}, "maintenance": false}`. Every call bears a token and, where it
/// belongs to a step, the step's id as `Slipway-Step-Id`. What was set is read back by a call of its own.
final class EdgeRouter implements TrafficRouter {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectReader STATE = JSON.readerFor(EdgeState.class);

    private final HttpCalls http;
    private final String url;
    private final String token;
    private final Duration deadline;

    /// @param url with or without a slash at its end
    /// @param token a resolved secret
    /// @param deadline for one call, from the connection to the last byte
    EdgeRouter(HttpCalls http, String url, String token, Duration deadline) {
        this.http = http;
        this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.token = token;
        this.deadline = deadline;
    }

    @Override
    public State state() {
        return call("/admin/state", null, null);
    }

    @Override
    public State weights(Map<String, Integer> weights, UUID step) {
        call("/admin/weights", Map.of("weights", weights), step);
        State state = state();
        if (!state.weights().equals(weights)) {
            throw new RouterFailure(
                    "the router was told the weights %s and says %s".formatted(weights, state.weights()), true);
        }
        return state;
    }

    @Override
    public State maintenance(boolean on, UUID step) {
        call("/admin/maintenance", Map.of("on", on), step);
        State state = state();
        if (state.maintenance() != on) {
            throw new RouterFailure(
                    "the router was told to switch maintenance mode %s and did not".formatted(on ? "on" : "off"), true);
        }
        return state;
    }

    private State call(String path, @Nullable Object body, @Nullable UUID step) {
        HttpResponse<byte[]> answer;
        try {
            answer = http.send(request(path, body, step), deadline);
        } catch (IOException e) {
            throw new RouterFailure(
                    "the router does not answer %s: %s".formatted(path, HttpCalls.reason(e)), !(e instanceof Refused));
        } catch (IllegalArgumentException _) {
            throw new RouterFailure("the router's URL or token cannot be used in a request", false);
        }
        if (answer.statusCode() != 200) {
            throw new RouterFailure(
                    "the router answers %s with status %d".formatted(path, answer.statusCode()),
                    mayPass(answer.statusCode()));
        }
        return read(path, answer.body());
    }

    private HttpRequest request(String path, @Nullable Object body, @Nullable UUID step) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json");
        if (step != null) {
            request.header("Slipway-Step-Id", step.toString());
        }
        if (body != null) {
            request.header("Content-Type", "application/json").PUT(HttpRequest.BodyPublishers.ofString(json(body)));
        }
        return request.build();
    }

    private static String json(Object body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map that is no JSON", e);
        }
    }

    private static State read(String path, byte[] body) {
        try {
            EdgeState state = STATE.readValue(body);
            if (state != null && state.whole()) {
                return new State(state.weights(), state.maintenance());
            }
        } catch (JacksonException _) {
            // said below
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory could not be read", e);
        }
        throw new RouterFailure("the router's answer to %s is no state of an edge".formatted(path), false);
    }

    /// Overloaded or on its way up again: the same call may work later.
    private static boolean mayPass(int status) {
        return status >= 500 || status == 408 || status == 425 || status == 429;
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record EdgeState(
            @Nullable Map<String, Integer> weights,
            @Nullable Boolean maintenance) {
        boolean whole() {
            return weights != null && !weights.containsValue(null) && maintenance != null;
        }
    }
}
