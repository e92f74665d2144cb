package dev.slipway.demo.story;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.slipway.events.EventCodec;
import dev.slipway.suite.AccessToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// Asks over HTTP/1.1 and reads the answer as JSON; what is none is read as nothing.
final class Http {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    record Answer(int status, JsonNode body) {
        boolean ok() {
            return status >= 200 && status < 300;
        }

        /// `403 own-release: Nobody approves …`
        String inWords() {
            String type = body.path("type").asText().replace("urn:slipway:problem:", "");
            return type.isEmpty()
                    ? Integer.toString(status)
                    : "%d %s: %s".formatted(status, type, body.path("detail").asText());
        }
    }

    Answer get(URI url, String token) {
        return send(authorized(url, token).GET());
    }

    /// What comes back, whatever it is.
    String text(URI url, String token) {
        HttpRequest request = authorized(url, token).timeout(LIMIT).GET().build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException("%s does not answer: %s".formatted(request.uri(), e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoryFailure("interrupted while " + request.uri() + " was asked", e);
        }
    }

    Answer post(URI url, JsonNode body, AccessToken as) {
        return send(authorized(url, as.secret())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    Answer put(URI url, JsonNode body, AccessToken as) {
        return send(authorized(url, as.secret())
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    Answer send(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), json(response.body()));
        } catch (IOException e) {
            throw new UncheckedIOException("%s does not answer: %s".formatted(request.uri(), e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoryFailure("interrupted while " + request.uri() + " was asked", e);
        }
    }

    private Answer send(HttpRequest.Builder request) {
        return send(request.timeout(LIMIT).build());
    }

    private static HttpRequest.Builder authorized(URI url, String token) {
        return HttpRequest.newBuilder(url).header("Authorization", "Bearer " + token);
    }

    private static JsonNode json(byte[] body) {
        try {
            JsonNode read = EventCodec.json().readTree(body);
            return read == null ? MissingNode.getInstance() : read;
        } catch (IOException _) {
            return MissingNode.getInstance();
        }
    }
}
