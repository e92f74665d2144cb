package dev.slipway.deploy.smoke;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.deploy.http.HttpCalls;
import dev.slipway.deploy.manifest.Secrets;
import dev.slipway.deploy.manifest.SmokeSuite;
import dev.slipway.deploy.manifest.SmokeSuite.Request;
import dev.slipway.deploy.smoke.Placeholders.MissingCapture;
import dev.slipway.deploy.smoke.SmokeReport.Result;
import dev.slipway.manifest.References;
import dev.slipway.manifest.UnresolvedReference;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs suites over HTTP. Every request is tried, also after a failed one, so that the report shows the whole picture;
/// one that needs what an earlier one did not give fails with that as its reason.
@Singleton
final class HttpSmokeTests implements SmokeTests {
    private final HttpCalls http;
    private final References references;

    HttpSmokeTests(HttpCalls http, References references) {
        this.http = http;
        this.references = references;
    }

    @Override
    public SmokeReport run(SmokeSuite suite, String baseUrl, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        Secrets secrets = new Secrets(references::resolve);
        Placeholders placeholders = new Placeholders(secrets);
        List<Result> results = new ArrayList<>();
        for (Request request : suite.steps()) {
            long begin = System.nanoTime();
            Optional<String> problem = end - begin <= 0
                    ? Optional.of("not tried: the suite's %d ms were over".formatted(limit.toMillis()))
                    : attempt(request, baseUrl, placeholders, Duration.ofNanos(end - begin));
            results.add(new Result(
                    request.name(),
                    Duration.ofNanos(System.nanoTime() - begin),
                    problem.map(secrets::mask).orElse(null)));
        }
        return new SmokeReport(results);
    }

    private Optional<String> attempt(Request request, String baseUrl, Placeholders placeholders, Duration left) {
        Duration limit = request.within() != null && request.within().compareTo(left) < 0 ? request.within() : left;
        long begin = System.nanoTime();
        try {
            HttpResponse<byte[]> answer = http.send(prepare(request, placeholders.fill(baseUrl), placeholders), limit);
            return judge(request, answer, placeholders, Duration.ofNanos(System.nanoTime() - begin));
        } catch (MissingCapture | UnresolvedReference e) {
            return Optional.of(e.getMessage());
        } catch (IllegalArgumentException _) {
            // The platform's message quotes the value it refuses, which may be a secret.
            return Optional.of("the request cannot be made: its URL or one of its headers is not valid");
        } catch (IOException e) {
            return Optional.of(HttpCalls.reason(e));
        }
    }

    private static HttpRequest prepare(Request request, String baseUrl, Placeholders placeholders) {
        String base = baseUrl.endsWith("/") ? baseUrl.substring(0, baseUrl.length() - 1) : baseUrl;
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(base + placeholders.fillPath(request.path())))
                .setHeader("User-Agent", "slipway-smoke");
        JsonNode body = request.body();
        if (body == null) {
            builder.method(request.method(), BodyPublishers.noBody());
        } else {
            builder.setHeader("Content-Type", "application/json")
                    .method(
                            request.method(),
                            BodyPublishers.ofString(placeholders.fill(body).toString()));
        }
        request.headers().forEach((name, value) -> builder.setHeader(name, placeholders.fill(value)));
        return builder.build();
    }

    /// @return what is wrong with the answer; what it was expected to give is captured
    private static Optional<String> judge(
            Request request, HttpResponse<byte[]> answer, Placeholders placeholders, Duration took) {
        if (answer.statusCode() != request.expect().status()) {
            return Optional.of("status %d instead of %d after %d ms"
                    .formatted(answer.statusCode(), request.expect().status(), took.toMillis()));
        }
        String contains = request.expect().contains();
        if (contains != null
                && !new String(answer.body(), StandardCharsets.UTF_8).contains(placeholders.fill(contains))) {
            return Optional.of("the answer does not contain \"%s\"".formatted(contains));
        }
        if (request.expect().json().isEmpty() && request.capture().isEmpty()) {
            return Optional.empty();
        }
        return JsonAnswer.read(answer.body())
                .map(json -> expectations(request, json, placeholders).or(() -> capture(request, json, placeholders)))
                .orElse(Optional.of("the answer is not JSON"));
    }

    private static Optional<String> expectations(Request request, JsonAnswer json, Placeholders placeholders) {
        for (Map.Entry<String, JsonNode> expected : request.expect().json().entrySet()) {
            JsonNode actual = json.at(expected.getKey()).orElse(null);
            JsonNode wanted = placeholders.fill(expected.getValue());
            if (actual == null || !JsonAnswer.same(wanted, actual)) {
                return Optional.of("%s is %s instead of %s"
                        .formatted(expected.getKey(), placeholders.show(actual), placeholders.show(wanted)));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> capture(Request request, JsonAnswer json, Placeholders placeholders) {
        for (Map.Entry<String, String> capture : request.capture().entrySet()) {
            Optional<JsonNode> value = json.at(capture.getValue()).filter(node -> node.isValueNode() && !node.isNull());
            if (value.isEmpty()) {
                return Optional.of("%s gives no value for ${%s}".formatted(capture.getValue(), capture.getKey()));
            }
            placeholders.capture(capture.getKey(), value.get().asText());
        }
        return Optional.empty();
    }
}
