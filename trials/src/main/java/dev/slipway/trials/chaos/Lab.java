package dev.slipway.trials.chaos;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/// Applications that are nothing but files and a page that says whether the version in them is well:
/// cheap enough for many releases a minute.
///
/// `builds/<version>` holds a [BuildKind], `places/<application>/<environment>/current` the version
/// deployed there, `effects.log` what the scripts wrote down.
final class Lab implements AutoCloseable {
    static final List<String> ENVIRONMENTS = List.of("test", "live");

    private final Path home;
    private final HttpServer server;

    /// @param home made when it is not there
    Lab(Path home) throws IOException {
        this.home = Files.createDirectories(home);
        Files.createDirectories(home.resolve("builds"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    Map<String, String> references() {
        return Map.of("SLIPWAY_REF_LAB_HOME", home.toString());
    }

    Path effects() {
        return home.resolve("effects.log");
    }

    /// Where an application's environments answer, without the environment's name.
    URI url(String application) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + application);
    }

    void build(String version, BuildKind kind) throws IOException {
        Files.writeString(home.resolve("builds").resolve(version), kind.name());
    }

    /// Puts a version where it would be after its deployment: what ran before there was a Slipway.
    void install(String application, String environment, String version) throws IOException {
        Path place = Files.createDirectories(place(application, environment));
        Files.writeString(place.resolve("current"), version + "\n");
    }

    String installed(String application, String environment) throws IOException {
        return Files.readString(place(application, environment).resolve("current"))
                .strip();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private Path place(String application, String environment) {
        return home.resolve("places").resolve(application).resolve(environment);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String[] path = exchange.getRequestURI().getPath().split("/", 4);
            boolean well = path.length > 2 && isWell(path[1], path[2]);
            byte[] body = (well ? "{\"status\":\"ok\"}" : "{\"status\":\"broken\"}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(well ? 200 : 500, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private boolean isWell(String application, String environment) {
        try {
            Path build = home.resolve("builds").resolve(installed(application, environment));
            return BuildKind.valueOf(Files.readString(build).strip()) != BuildKind.BROKEN_SMOKE;
        } catch (IOException _) {
            return false;
        }
    }
}
