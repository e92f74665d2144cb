package dev.slipway.suite;

import dev.slipway.events.Catalogue;
import dev.slipway.suite.process.CommandProgram;
import dev.slipway.suite.process.Program;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How the four services are started: each a small JVM on the jar its module built.
final class ServicePrograms {
    private static final Duration PROBE = Duration.ofSeconds(3);

    private final SuiteOptions options;
    private final DataFolder data;
    private final HttpClient http;

    ServicePrograms(SuiteOptions options, DataFolder data, HttpClient http) {
        this.options = options;
        this.data = data;
        this.http = http;
    }

    Program of(Replica replica, Map<String, String> environment) throws IOException {
        int port = options.ports().of(replica);
        HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready"))
                .timeout(PROBE)
                .build();
        List<String> command = options.programs().get(replica.service());
        return new CommandProgram(
                replica.name(),
                command == null ? built(replica.service()) : command,
                environment,
                data.work(replica.name()),
                data.log(replica.name()),
                port,
                () -> answers(ready));
    }

    private List<String> built(String service) {
        Path jar = options.home().resolve(service).resolve("target/quarkus-app/quarkus-run.jar");
        if (!Files.exists(jar)) {
            throw new SuiteFailure(service + " is not built, " + jar + " is missing: ./slipway builds it");
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-Xmx192m"));
        command.addAll(tuning(service));
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    private static List<String> tuning(String service) {
        return switch (service) {
            // Crowds of deliveries take the optimising compiler.
            case Catalogue.DEPLOY -> List.of();
            // So do gigabytes that are hashed and sealed; they pass through a small part of the heap again and again.
            case Catalogue.BACKUP -> List.of("-Xmn32m");
            // The others have little to do, and start sooner without it.
            default -> List.of("-XX:TieredStopAtLevel=1");
        };
    }

    private boolean answers(HttpRequest ready) {
        try {
            return http.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
