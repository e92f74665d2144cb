package dev.slipway.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ApplyCommandTest {
    private static final String MANIFEST = "application: shop\nenvironments: []\n";
    private static final String CHECK = "PUT /api/v1/applications/shop/manifest?dryRun=true Bearer secret";
    private static final String PUT = "PUT /api/v1/applications/shop/manifest Bearer secret";

    @TempDir
    private Path folder;

    private final Map<String, StubService> services = new LinkedHashMap<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path file;

    @BeforeEach
    void startServices() throws IOException {
        for (String service : SuiteOptions.SERVICES) {
            services.put(service, new StubService());
        }
        environment.put("SLIPWAY_TOKEN", "secret");
        environment.put(
                "SLIPWAY_URLS",
                services.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue().url())
                        .collect(Collectors.joining(",")));
        file = Files.writeString(folder.resolve("slipway.yaml"), MANIFEST);
    }

    @AfterEach
    void stopServices() {
        services.values().forEach(StubService::close);
    }

    @Test
    void shouldAskAllFourBeforeItGivesItToAny() {
        int status = apply(file.toString());

        assertThat(status).isZero();
        assertThat(services.values()).allSatisfy(service -> {
            assertThat(service.requests()).containsExactly(CHECK, PUT);
            assertThat(service.bodies()).containsOnly(MANIFEST);
        });
        assertThat(out)
                .hasToString(file + ": all four services hold the manifest of shop, version sha256:abc"
                        + System.lineSeparator());
    }

    @Test
    void shouldChangeNothingAndNameEveryFaultOnceWhenOneRefuses() {
        String unknown = """
                {"path":"colour","message":"unknown key","line":7,"column":1}""";
        services.get("deploy-service").refusing(422, """
                {"type":"urn:slipway:problem:invalid","status":422,"detail":"…","faults":[
                  {"path":"environments[0].target","message":"is missing","line":2,"column":15},%s]}
                """.formatted(unknown));
        services.get("backup-service").refusing(422, """
                {"type":"urn:slipway:problem:invalid","status":422,"detail":"…","faults":[
                  %s,{"path":"databases[0].schedules[0].cron","message":"no cron","line":4,"column":9}]}
                """.formatted(unknown));

        int status = apply(file.toString());

        assertThat(status).isEqualTo(1);
        assertThat(services.values())
                .allSatisfy(service -> assertThat(service.requests()).containsExactly(CHECK));
        assertThat(err.toString().lines())
                .containsExactly(
                        file + ":2:15: environments[0].target: is missing (deploy-service)",
                        file + ":4:9: databases[0].schedules[0].cron: no cron (backup-service)",
                        file + ":7:1: colour: unknown key (backup-service, deploy-service)",
                        file + ": nothing was changed");
    }

    @Test
    void shouldSayWhoDoesNotAnswer() {
        services.get("monitor-service").close();
        services.get("notify-service").refusing(401, """
                {"type":"urn:slipway:problem:unauthenticated","detail":"This bearer token is not known here."}""");

        int status = apply(file.toString());

        assertThat(status).isEqualTo(1);
        assertThat(err.toString())
                .contains("does not answer at "
                        + services.get("monitor-service").url() + " (is the suite up? ./slipway up) (monitor-service)")
                .contains("answers 401: This bearer token is not known here. (notify-service)");
        assertThat(services.get("deploy-service").requests()).containsExactly(CHECK);
    }

    @Test
    void shouldTellWhoTookItWhenAServiceFailsInBetween() {
        services.get("monitor-service").failingLater(503, "{\"detail\":\"the database is gone\"}");

        int status = apply(file.toString());

        assertThat(status).isEqualTo(1);
        assertThat(err.toString())
                .contains("answers 503: the database is gone (monitor-service)")
                .contains("took it, apply it again");
    }

    @Test
    void shouldOnlyAskOnADryRun() {
        int status = apply("--dry-run", file.toString());

        assertThat(status).isZero();
        assertThat(services.values())
                .allSatisfy(service -> assertThat(service.requests()).containsExactly(CHECK));
        assertThat(out.toString()).contains("all four services agree with the manifest of shop");
    }

    @Test
    void shouldGoOnWithTheNextFileAndStillFail() throws IOException {
        Path other = Files.writeString(folder.resolve("other.yaml"), "application: till\n");
        services.get("deploy-service").failingLater(500, "{}");

        int status = apply(file.toString(), other.toString());

        assertThat(status).isEqualTo(1);
        assertThat(services.get("backup-service").requests())
                .contains("PUT /api/v1/applications/till/manifest Bearer secret");
    }

    @Test
    void shouldLeaveItToTheServicesToNameAnUnreadableDocument() throws IOException {
        Files.writeString(file, "application: [shop\n");
        services.get("deploy-service").refusing(422, """
                {"faults":[{"path":"","message":"not closed","line":2,"column":1}]}""");

        int status = apply(file.toString());

        assertThat(status).isEqualTo(1);
        assertThat(err.toString()).contains(file + ":2:1: not closed (deploy-service)");
    }

    @Test
    void shouldTakeTheTokenOfTheSuiteOnThisMachine() throws IOException {
        environment.remove("SLIPWAY_TOKEN");
        Files.createDirectories(folder.resolve("data/secrets"));
        Files.writeString(folder.resolve("data/secrets/local-admin.token"), "local\n");

        int status = apply("--data", folder.resolve("data").toString(), file.toString());

        assertThat(status).isZero();
        assertThat(services.get("notify-service").requests()).allMatch(request -> request.endsWith(" Bearer local"));
    }

    @Test
    void shouldSayThatThereIsNoToken() {
        environment.remove("SLIPWAY_TOKEN");

        int status = apply("--data", folder.resolve("data").toString(), file.toString());

        assertThat(status).isEqualTo(1);
        assertThat(err.toString()).contains("no token: set SLIPWAY_TOKEN");
    }

    @Test
    void shouldLetAnOptionWinOverTheEnvironment() throws IOException {
        try (StubService elsewhere = new StubService()) {
            int status = apply("--monitor-url", elsewhere.url().toString(), file.toString());

            assertThat(status).isZero();
            assertThat(elsewhere.requests()).containsExactly(CHECK, PUT);
            assertThat(services.get("monitor-service").requests()).isEmpty();
        }
    }

    @Test
    void shouldRefuseAnUnknownServiceInTheEnvironment() {
        environment.put("SLIPWAY_URLS", "billing=http://127.0.0.1:1");

        int status = apply(file.toString());

        assertThat(status).isEqualTo(1);
        assertThat(err.toString()).contains("SLIPWAY_URLS: 'billing=http://127.0.0.1:1' is not <service>=<url>");
    }

    private int apply(String... arguments) {
        List<String> line = new ArrayList<>(List.of("apply"));
        line.addAll(List.of(arguments));
        CommandLine slipway = Slipway.commandLine(options -> options, environment)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        return slipway.execute(line.toArray(String[]::new));
    }
}
