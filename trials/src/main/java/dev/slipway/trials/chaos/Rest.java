package dev.slipway.trials.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.slipway.suite.Suite;
import dev.slipway.suite.process.Deadline;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/// The services as a person sees them, who asks another replica when one does not answer.
final class Rest {
    private static final Duration LIMIT = Duration.ofSeconds(6);

    /// A busy machine answers late, and who asks too much is told to wait.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Suite suite;
    private final String token;
    private final AtomicInteger turn = new AtomicInteger();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    /// @param token with the role `admin`
    Rest(Suite suite, String token) {
        this.suite = suite;
        this.token = token;
    }

    /// @param status 0 when nobody answered
    record Answer(int status, JsonNode body, String words) {
        boolean ok() {
            return status >= 200 && status < 300;
        }

        /// Whoever asked cannot know whether anything came of it.
        boolean unclear() {
            return status == 0 || status >= 500;
        }

        /// Whoever asked is to come again.
        boolean again() {
            return unclear() || status == 429;
        }
    }

    /// @return empty when no replica gives an answer
    Optional<JsonNode> read(String service, String path) {
        return inTurn(service).stream()
                .map(base -> send(authorized(base.resolve(path)).GET()))
                .filter(Answer::ok)
                .findFirst()
                .map(Answer::body);
    }

    /// As [#read], and again for a while when nobody answers.
    /// @throws IOException when nobody does
    JsonNode readPatiently(String service, String path) throws IOException {
        Deadline deadline = Deadline.in(PATIENCE);
        for (Optional<JsonNode> body = read(service, path); ; body = read(service, path)) {
            if (body.isPresent()) {
                return body.get();
            }
            if (deadline.passed()) {
                throw new IOException("nobody answers " + service + path);
            }
            LockSupport.parkNanos(AGAIN.toNanos());
        }
    }

    /// Every item of a paged list.
    /// @throws IOException when a page cannot be had
    List<JsonNode> list(String service, String path) throws IOException {
        List<JsonNode> items = new ArrayList<>();
        String next = path + (path.contains("?") ? "&" : "?") + "limit=100";
        String cursor = "";
        do {
            String page = cursor.isEmpty() ? next : next + "&cursor=" + cursor;
            JsonNode body = readPatiently(service, page);
            body.path("items").forEach(items::add);
            cursor = body.path("next").asText(body.path("cursor").asText(""));
        } while (!cursor.isEmpty());
        return items;
    }

    /// Asks one replica, the next one the next time.
    Answer post(String service, String path, JsonNode body) {
        return ask(
                service,
                base -> authorized(base.resolve(path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    Answer put(String service, String path, JsonNode body) {
        return ask(
                service,
                base -> authorized(base.resolve(path))
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    /// @param request made for the address of the replica whose turn it is
    Answer ask(String service, Function<URI, HttpRequest.Builder> request) {
        return send(request.apply(inTurn(service).getFirst()));
    }

    private List<URI> inTurn(String service) {
        List<URI> replicas = new ArrayList<>(suite.processes().stream()
                .filter(process -> process.split("#")[0].equals(service))
                .map(suite::url)
                .toList());
        Collections.rotate(replicas, turn.getAndIncrement() % replicas.size());
        return replicas;
    }

    private HttpRequest.Builder authorized(URI url) {
        return HttpRequest.newBuilder(url).header("Authorization", "Bearer " + token);
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response =
                    http.send(request.timeout(LIMIT).build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), json(response.body()), Integer.toString(response.statusCode()));
        } catch (IOException e) {
            return new Answer(0, MissingNode.getInstance(), e.getClass().getSimpleName());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Answer(0, MissingNode.getInstance(), "interrupted");
        }
    }

    private static JsonNode json(byte[] body) {
        try {
            JsonNode read = Journal.JSON.readTree(body);
            return read == null ? MissingNode.getInstance() : read;
        } catch (IOException _) {
            return MissingNode.getInstance();
        }
    }
}
