package dev.slipway.suite.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Gives a manifest to one service.
final class ManifestClient {
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http;
    private final String service;
    private final URI url;
    private final String token;

    /// What the service says. @param hash empty when there are faults
    record Answer(String service, String hash, List<ManifestFault> faults) {
        boolean accepted() {
            return faults.isEmpty();
        }
    }

    ManifestClient(HttpClient http, String service, URI url, String token) {
        this.http = http;
        this.service = service;
        this.url = url;
        this.token = token;
    }

    Answer put(String application, byte[] yaml, boolean dryRun) {
        String name = URLEncoder.encode(application, StandardCharsets.UTF_8);
        String path = "/api/v1/applications/" + name + "/manifest" + (dryRun ? "?dryRun=true" : "");
        HttpRequest request = HttpRequest.newBuilder(url.resolve(path))
                .timeout(ANSWERS_WITHIN)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/yaml")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(yaml))
                .build();
        try {
            return read(http.send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (ConnectException _) {
            return refused("does not answer at " + url + " (is the suite up? ./slipway up)");
        } catch (IOException e) {
            return refused("does not answer at " + url + ": " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return refused("was not waited for");
        }
    }

    private Answer read(HttpResponse<String> response) {
        JsonNode body;
        try {
            body = JSON.readTree(response.body());
        } catch (JsonProcessingException _) {
            return refused("answers " + response.statusCode() + " with something that is no JSON");
        }
        if (response.statusCode() == 200) {
            return new Answer(service, body.path("hash").asText(), List.of());
        }
        List<ManifestFault> faults = new ArrayList<>();
        for (JsonNode fault : body.path("faults")) {
            faults.add(new ManifestFault(
                    Set.of(service),
                    fault.path("path").asText(),
                    fault.path("message").asText(),
                    fault.path("line").asInt(),
                    fault.path("column").asInt()));
        }
        if (faults.isEmpty()) {
            String detail = body.path("detail").asText(body.path("title").asText("no reason given"));
            return refused("answers " + response.statusCode() + ": " + detail);
        }
        return new Answer(service, "", faults);
    }

    private Answer refused(String why) {
        return new Answer(service, "", List.of(new ManifestFault(Set.of(service), "", why, 0, 0)));
    }
}
