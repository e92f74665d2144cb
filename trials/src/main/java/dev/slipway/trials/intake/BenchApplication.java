package dev.slipway.trials.intake;

import dev.slipway.events.Catalogue;
import dev.slipway.suite.Suite;
import dev.slipway.suite.SuiteFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The application that benchmarks deliver builds of: every build waits for an approval nobody gives.
public final class BenchApplication {
    /// What a suite has to be started with.
    public static final Map<String, String> ENVIRONMENT = Map.of("SLIPWAY_REF_BENCH_SECRET", SignedRun.SECRET);

    private BenchApplication() {}

    /// Makes it known.
    ///
    /// @param services who is to know it; all of them are up
    /// @param token of an administrator
    public static void introduce(Suite suite, List<String> services, String token)
            throws IOException, InterruptedException {
        for (String script : List.of("deploy.sh", "running.sh")) {
            Path file = Files.writeString(suite.data().resolve("scripts").resolve(script), "#!/bin/sh\n");
            file.toFile().setExecutable(true);
        }
        try (InputStream manifest = BenchApplication.class.getResourceAsStream("slipway.yaml");
                HttpClient http = HttpClient.newHttpClient()) {
            byte[] bytes = manifest.readAllBytes();
            for (String service : services) {
                put(http, suite.url(service), token, bytes);
            }
        }
    }

    private static void put(HttpClient http, URI service, String token, byte[] manifest)
            throws IOException, InterruptedException {
        HttpRequest put = HttpRequest.newBuilder(service.resolve("/api/v1/applications/bench/manifest"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/yaml")
                .PUT(BodyPublishers.ofByteArray(manifest))
                .build();
        HttpResponse<String> answer = http.send(put, BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new SuiteFailure(service + " does not take the manifest: " + answer.body());
        }
    }

    /// Where its builds are delivered.
    public static URI webhook(Suite suite) {
        return suite.url(Catalogue.DEPLOY).resolve("/api/v1/webhooks/github/bench");
    }

    /// A signed delivery of a build that was not delivered before.
    ///
    /// @param bytes of its body, about
    /// @param number unique in a suite
    public static HttpRequest delivery(Suite suite, int bytes, int number) {
        byte[] body = SignedRun.body(SignedRun.template(bytes), 1, number);
        return SignedRun.delivery(webhook(suite), "bench-%08d".formatted(number), body)
                .build();
    }
}
