package dev.slipway.suite;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.slipway.suite.postgres.ServiceDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/// `docker-compose.yml` beside the format's rules and beside the launcher. No engine runs it here.
class ComposeTest {
    private static final Path ROOT = Path.of("..");
    private static final Path FILE = ROOT.resolve("docker-compose.yml");
    private static final Pattern REQUIRED = Pattern.compile("\\$\\{([A-Z0-9_]+):\\?[^}]+}");
    private static final Pattern ANY = Pattern.compile("\\$\\{([A-Z0-9_]+)[^}]*}");
    private static final Pattern TOKENS = Pattern.compile("SLIPWAY_ACCESS_TOKENS_\\d+__.*");

    private static final JsonNode COMPOSE = read();

    @TempDir
    private Path folder;

    static List<String> services() {
        return SuiteOptions.SERVICES;
    }

    @Test
    void shouldKeepToTheFormat() throws IOException {
        try (InputStream schema = ComposeTest.class.getResourceAsStream("/compose-subset.schema.json")) {
            JsonSchema compose = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(schema);

            assertThat(compose.validate(COMPOSE)).isEmpty();
        }
    }

    @Test
    void shouldDependOnlyOnWhatThereIsAndCanBeWaitedFor() {
        all().forEach(service -> service.getValue()
                .path("depends_on")
                .properties()
                .forEach(dependency -> {
                    JsonNode other = service(dependency.getKey());
                    assertThat(other.isMissingNode()).as(dependency.getKey()).isFalse();
                    switch (dependency.getValue().path("condition").asText()) {
                        case "service_healthy" ->
                            assertThat(other.has("healthcheck")).isTrue();
                        case "service_completed_successfully" ->
                            assertThat(other.path("restart").asText()).isEqualTo("no");
                        default -> throw new AssertionError("a start alone proves nothing");
                    }
                }));
    }

    @Test
    void shouldDeclareEveryVolumeItUsesAndUseEveryOneItDeclares() {
        Set<String> used = all().flatMap(service -> texts(service.getValue().path("volumes")).stream())
                .map(volume -> volume.split(":", -1)[0])
                .filter(source -> !source.startsWith("./"))
                .collect(Collectors.toSet());

        assertThat(COMPOSE.path("volumes").fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(used);
    }

    @Test
    void shouldOnlyMountFilesThatExist() {
        List<String> files = all().flatMap(service -> texts(service.getValue().path("volumes")).stream())
                .map(volume -> volume.split(":", -1)[0])
                .filter(source -> source.startsWith("./docker/"))
                .toList();

        assertThat(files)
                .hasSize(2)
                .allSatisfy(file -> assertThat(ROOT.resolve(file)).isExecutable());
    }

    @ParameterizedTest
    @MethodSource("services")
    void shouldGiveServicesTheSameVariablesAsTheLauncher(String service) {
        Set<String> launched = new TreeSet<>(launcher(service).keySet());
        launched.removeAll(ServiceEnvironment.inherited().keySet());

        Set<String> composed = new TreeSet<>();
        environment(service).fieldNames().forEachRemaining(composed::add);

        assertThat(composed).isEqualTo(launched);
        assertThat(composed).anyMatch(name -> TOKENS.matcher(name).matches());
    }

    @ParameterizedTest
    @MethodSource("services")
    void shouldUseTheSamePortsDatabasesAndRolesAsTheLauncher(String service) {
        Map<String, String> launched = launcher(service);
        JsonNode composed = environment(service);
        String port = launched.get("QUARKUS_HTTP_PORT");

        assertThat(composed.path("QUARKUS_HTTP_PORT").asText()).isEqualTo(port);
        assertThat(texts(service(service).path("ports"))).containsExactly("127.0.0.1:" + port + ":" + port);
        assertThat(service(service).path("healthcheck").path("test").toString())
                .contains("http://127.0.0.1:" + port + "/q/health/ready");
        assertThat(composed.path("QUARKUS_DATASOURCE_JDBC_URL").asText())
                .endsWith("/" + launched.get("QUARKUS_DATASOURCE_JDBC_URL").replaceFirst(".*/", ""));
        assertThat(composed.path("QUARKUS_DATASOURCE_USERNAME").asText())
                .isEqualTo(launched.get("QUARKUS_DATASOURCE_USERNAME"));
        assertThat(composed.path("QUARKUS_FLYWAY_USERNAME").asText())
                .isEqualTo(launched.get("QUARKUS_FLYWAY_USERNAME"));
    }

    @ParameterizedTest
    @MethodSource("services")
    void shouldBuildAnImageThatRunsAsNobodySpecial(String service) throws IOException {
        Path context = ROOT.resolve(service(service).path("build").asText());
        List<String> dockerfile = Files.readAllLines(context.resolve("Dockerfile"));
        String port = launcher(service).get("QUARKUS_HTTP_PORT");

        assertThat(dockerfile)
                .contains("USER " + service(service).path("user").asText())
                .contains("EXPOSE " + port)
                .anyMatch(line -> line.startsWith("FROM eclipse-temurin:25-"))
                .noneMatch(line -> line.startsWith("ENV ") || line.startsWith("ARG "));
        assertThat(Files.readAllLines(context.resolve(".dockerignore"))).startsWith("*", "!target/quarkus-app/");
        for (String volume : texts(service(service).path("volumes"))) {
            String[] parts = volume.split(":", -1);
            if (!parts[0].startsWith("./")) {
                // A named volume takes the owner of the folder it is first mounted over.
                assertThat(dockerfile)
                        .anyMatch(line -> line.contains("install -d -o slipway") && line.contains(parts[1]));
            }
        }
    }

    @Test
    void shouldTakeEverySecretFromTheEnvironmentOrStop() {
        all().forEach(service -> service.getValue()
                .path("environment")
                .properties()
                .forEach(variable -> {
                    if (variable.getKey().contains("PASSWORD")
                            || variable.getKey().endsWith("SHA256")) {
                        assertThat(variable.getValue().asText())
                                .as(variable.getKey())
                                .matches(REQUIRED);
                    }
                }));
    }

    @Test
    void shouldGetEveryVariableItInsistsOnFromTheScript() throws Exception {
        Path env = folder.resolve("suite.env");
        Process script = new ProcessBuilder(ROOT.resolve("docker/make-env.sh").toString(), env.toString())
                .redirectErrorStream(true)
                .start();
        String printed = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(script.waitFor(10, TimeUnit.SECONDS)).isTrue();

        Map<String, String> written = Files.readAllLines(env).stream()
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));

        assertThat(written.keySet()).isEqualTo(insistedOn());
        assertThat(written.values()).doesNotHaveDuplicates().allMatch(value -> value.matches("[0-9a-f]{48,64}"));
        String token = printed.strip().replaceFirst(".*: ", "");
        assertThat(AccessToken.ofSecret("admin", token).sha256()).isEqualTo(written.get("SLIPWAY_ADMIN_TOKEN_SHA256"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(env)))
                .isEqualTo("rw-------");
    }

    private static Set<String> insistedOn() throws IOException {
        String text = Files.readString(FILE);
        Set<String> required = names(REQUIRED, text);
        Set<String> withDefault = names(ANY, text);
        withDefault.removeAll(required);
        assertThat(withDefault)
                .allMatch(name -> name.startsWith("QUARKUS_MAILER_") || name.startsWith("SLIPWAY_GUARDS_"));
        return required;
    }

    private static Set<String> names(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(result -> result.group(1)).collect(Collectors.toSet());
    }

    private Map<String, String> launcher(String service) {
        Map<String, ServiceDatabase> databases = SuiteOptions.SERVICES.stream()
                .collect(Collectors.toMap(
                        name -> name, name -> new ServiceDatabase(Suite.databaseOf(name), "owner", "app")));
        SuiteOptions options =
                SuiteOptions.in(ROOT, folder).withPorts(Ports.fixed()).withAccess(AccessToken.issue("admin", "admin"));
        return new ServiceEnvironment(options, new DataFolder(folder), "127.0.0.1:9092", databases)
                .of(new Replica(service, 1));
    }

    private static Stream<Map.Entry<String, JsonNode>> all() {
        return COMPOSE.path("services").properties().stream();
    }

    private static JsonNode service(String name) {
        return COMPOSE.path("services").path(name);
    }

    private static JsonNode environment(String service) {
        return service(service).path("environment");
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static JsonNode read() {
        try {
            // SnakeYAML resolves anchors and merges, as Compose does.
            Object document = new Yaml().load(Files.readString(FILE));
            return new ObjectMapper().valueToTree(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
