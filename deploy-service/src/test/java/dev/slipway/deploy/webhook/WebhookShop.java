package dev.slipway.deploy.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.deploy.ServiceBackends;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;

/// An application of its own that CI delivers to over HTTP.
final class WebhookShop {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String MANIFEST = """
            application: %s
            repository: acme/shop
            artifact: pkg:generic/shop@${commit}
            webhooks:
              github:
                secrets: [%s]
                workflow: CI
                branches: [main]
            environments:
              - name: staging
                url: http://shop.example
                target:
                  type: script
                  deploy: {command: [deploy.sh], timeout: PT40S}
                  running: {command: [running.sh], timeout: PT1S}
                plan: [deploy]
            """;

    private final URI base;
    private final String application = "shop-" + Long.toHexString(System.nanoTime());

    private WebhookShop(URI base) {
        this.base = base;
    }

    static WebhookShop open(URI base) throws IOException, InterruptedException {
        WebhookShop shop = new WebhookShop(base);
        shop.putManifest("\"${env:SLIPWAY_REF_GITHUB_SECRET}\", \"${env:SLIPWAY_REF_NEXT_SECRET}\"");
        return shop;
    }

    /// @param secrets the references in the manifest's list
    void putManifest(String secrets) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request("api/v1/applications/" + application + "/manifest")
                .header("Authorization", "Bearer ada-token")
                .header("Content-Type", "application/yaml")
                .PUT(BodyPublishers.ofString(MANIFEST.formatted(application, secrets)))
                .build());
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.body());
        }
    }

    String application() {
        return application;
    }

    /// Delivers with the right signature.
    HttpResponse<String> deliver(String id, String event, String body) throws IOException, InterruptedException {
        String signature = GitHubSignature.header(body.getBytes(UTF_8), ServiceBackends.SECRET);
        return deliver(id, event, signature, BodyPublishers.ofString(body));
    }

    HttpResponse<String> deliver(String id, String event, String signature, BodyPublisher body)
            throws IOException, InterruptedException {
        return send(delivery(application, id, event, signature).POST(body).build());
    }

    HttpRequest.Builder delivery(String to, String id, String event, String signature) {
        return request("api/v1/webhooks/github/" + to)
                .header("Content-Type", "application/json")
                .header("X-GitHub-Delivery", id)
                .header("X-GitHub-Event", event)
                .header(GitHubSignature.HEADER, signature);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path));
    }

    HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return HTTP.send(request, BodyHandlers.ofString());
    }

    /// Verdict and delivery id of what was delivered, the newest first.
    List<String> listed() throws IOException, InterruptedException {
        List<String> listed = new ArrayList<>();
        for (JsonNode item : list("?application=" + application).get("items")) {
            listed.add(item.get("verdict").textValue() + " "
                    + item.get("deliveryId").textValue());
        }
        return listed;
    }

    /// Why the newest delivery got its verdict.
    String newestReason() throws IOException, InterruptedException {
        return list("?application=" + application).at("/items/0/reason").textValue();
    }

    JsonNode list(String query) throws IOException, InterruptedException {
        return JSON.readTree(send(request("api/v1/webhooks/deliveries" + query)
                        .header("Authorization", "Bearer ada-token")
                        .build())
                .body());
    }

    static JsonNode json(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }
}
