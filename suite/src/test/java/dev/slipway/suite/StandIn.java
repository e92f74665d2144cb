package dev.slipway.suite;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Stands in for a service where the launcher is tested: a small JVM that is ready when it listens, and tells its
/// environment at `/env`.
public final class StandIn {
    private StandIn() {}

    public static void main(String[] args) throws IOException {
        if (args.length > 0 && args[0].equals("dies")) {
            System.out.println("cannot start: no luck today");
            System.exit(7);
        }
        int port = Integer.parseInt(System.getenv("QUARKUS_HTTP_PORT"));
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/q/health/ready", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.createContext("/env", exchange -> {
            byte[] body = System.getenv().entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + entry.getValue())
                    .collect(Collectors.joining("\n"))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        System.out.println("listening on " + port);
    }

    static List<String> command(String... args) {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx32m",
                "-cp",
                Path.of("target/test-classes").toAbsolutePath().toString(),
                StandIn.class.getName()));
        line.addAll(List.of(args));
        return line;
    }

    static Map<String, List<String>> forAllServices() {
        return SuiteOptions.SERVICES.stream().collect(Collectors.toMap(Function.identity(), _ -> command()));
    }
}
