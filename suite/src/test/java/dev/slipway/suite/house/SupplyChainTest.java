package dev.slipway.suite.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.slipway.suite.SuiteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is shipped: listed by the build, under licences that allow it, kept up to date, run by nobody special.
class SupplyChainTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /// Quarkus brings these by itself where two of its extensions meet; Maven, and with it the list, knows nothing of
    /// them. Same house, same version, same licence as the extensions.
    private static final List<String> ADDED_BY_QUARKUS = List.of("io.quarkus.quarkus-flyway-postgresql-");

    private static final Pattern FROM = Pattern.compile("(?m)^FROM +(\\S+)");
    private static final Pattern IMAGE = Pattern.compile("(?m)^ +image: +(\\S+)");
    private static final Pattern USER = Pattern.compile("(?m)^USER +(\\S+)");
    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

    @TempDir
    private Path folder;

    static List<String> services() {
        return SuiteOptions.SERVICES;
    }

    /// The services and the launcher: what leaves this house.
    static Stream<String> shipped() {
        return Stream.concat(services().stream(), Stream.of("suite"));
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void shouldShipOnlyWhatItsLicenceAllows(String module) throws IOException {
        Set<String> allowed = allowedLicences();

        List<String> refused = components(module).stream()
                .filter(component -> !component.path("group").asText().equals("dev.slipway"))
                .filter(component -> licences(component).stream().noneMatch(allowed::contains))
                .map(component -> component.path("purl").asText() + " " + licences(component))
                .toList();

        assertThat(refused).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("services")
    void shouldListTheJarsThatAreInTheService(String service) throws IOException {
        Set<String> listed = components(service).stream()
                .map(component -> component.path("name").asText() + "-"
                        + component.path("version").asText())
                .collect(Collectors.toSet());
        Path jars = ROOT.resolve(service).resolve("target/quarkus-app/lib/main");
        assumeThat(jars).as("a packaged service").exists();

        try (Stream<Path> files = Files.list(jars)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .filteredOn(jar -> jar.endsWith(".jar") && listed.stream().noneMatch(jar::contains))
                    .allMatch(jar -> ADDED_BY_QUARKUS.stream().anyMatch(jar::contains));
        }
    }

    @Test
    void shouldHaveUpdatesOfEverythingItIsBuiltFrom() throws IOException {
        JsonNode updates = new YAMLMapper()
                .readTree(ROOT.resolve(".github/dependabot.yml").toFile())
                .path("updates");
        Set<String> watched = new HashSet<>();
        updates.forEach(update -> {
            String kind = update.path("package-ecosystem").asText();
            watched.add(kind + " " + update.path("directory").asText());
            update.path("directories").forEach(each -> watched.add(kind + " " + each.asText()));
        });

        assertThat(watched).contains("maven /", "docker-compose /");
        try (Stream<Path> files =
                Files.find(ROOT, 2, (file, _) -> file.getFileName().toString().equals("Dockerfile"))) {
            assertThat(files.map(file -> "docker /" + file.getParent().getFileName()))
                    .isNotEmpty()
                    .isSubsetOf(watched);
        }
    }

    @ParameterizedTest
    @MethodSource("services")
    void shouldRunAsAFixedUserThatIsNotRoot(String service) throws IOException {
        String dockerfile = read(service + "/Dockerfile");

        List<String> users =
                USER.matcher(dockerfile).results().map(found -> found.group(1)).toList();

        // By number: a name means whatever the image's own list of users says.
        assertThat(users).containsExactly("10001:10001");
        assertThat(dockerfile.indexOf("\nUSER")).isGreaterThan(dockerfile.lastIndexOf("\nRUN"));
    }

    @Test
    void shouldStandOnImagesOfANamedVersion() throws IOException {
        assertThat(images())
                .isNotEmpty()
                .allMatch(image ->
                        image.matches("[a-z0-9./-]+:[A-Za-z0-9._-]*[0-9][A-Za-z0-9._-]*(@sha256:[0-9a-f]{64})?"))
                .noneMatch(image -> image.contains(":latest"));
    }

    @Test
    void shouldPinEveryImageToItsDigest() throws Exception {
        copyFilesWithImages();
        tool("docker", "#!/bin/sh\necho " + DIGEST + "\n");

        assertThat(pin()).isZero();
        assertThat(pin()).as("a second time").isZero();

        for (String file : filesWithImages()) {
            String pinned = Files.readString(folder.resolve(file));
            assertThat(imagesIn(pinned)).isNotEmpty().allMatch(image -> image.endsWith("@" + DIGEST));
            assertThat(pinned.replace("@" + DIGEST, "")).isEqualTo(read(file).replaceAll("@sha256:[0-9a-f]{64}", ""));
        }
    }

    @Test
    void shouldLeaveAnImageAloneWhoseDigestNobodyKnows() throws Exception {
        copyFilesWithImages();
        tool("docker", "#!/bin/sh\necho 'no such manifest' >&2\nexit 1\n");

        assertThat(pin()).isEqualTo(1);

        for (String file : filesWithImages()) {
            assertThat(folder.resolve(file)).hasContent(read(file));
        }
    }

    private static List<JsonNode> components(String module) throws IOException {
        Path bom = ROOT.resolve(module).resolve("target/bom.json");
        // The list needs a registry, and -Dquick leaves it out: what lies there then is of an older build. CI builds
        // neither way, so there it has to be.
        assumeThat(System.getProperty("slipway.sbom", "")).doesNotContain("true");
        assertThat(bom).exists();
        JsonNode list = new ObjectMapper().readTree(bom.toFile());
        assertThat(list.path("bomFormat").asText()).isEqualTo("CycloneDX");
        List<JsonNode> components = StreamSupport.stream(list.path("components").spliterator(), false)
                .toList();
        assertThat(components).hasSizeGreaterThan(20);
        return components;
    }

    private static List<String> licences(JsonNode component) {
        List<String> names = new ArrayList<>();
        component.path("licenses").forEach(choice -> {
            JsonNode licence = choice.path("license");
            names.add(licence.path("id")
                    .asText(licence.path("name")
                            .asText(choice.path("expression").asText())));
        });
        return names;
    }

    private static Set<String> allowedLicences() throws IOException {
        try (InputStream list = SupplyChainTest.class.getResourceAsStream("/allowed-licences.txt")) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    private static List<String> filesWithImages() {
        return Stream.concat(
                        services().stream().map(service -> service + "/Dockerfile"), Stream.of("docker-compose.yml"))
                .toList();
    }

    private static List<String> images() throws IOException {
        List<String> images = new ArrayList<>();
        for (String file : filesWithImages()) {
            images.addAll(imagesIn(read(file)));
        }
        return images;
    }

    private static List<String> imagesIn(String text) {
        return Stream.of(FROM, IMAGE)
                .flatMap(pattern -> pattern.matcher(text).results())
                .map(found -> found.group(1))
                .toList();
    }

    private static String read(String file) throws IOException {
        return Files.readString(ROOT.resolve(file));
    }

    private void copyFilesWithImages() throws IOException {
        for (String file : filesWithImages()) {
            Files.createDirectories(folder.resolve(file).getParent());
            Files.copy(ROOT.resolve(file), folder.resolve(file));
        }
    }

    private void tool(String name, String script) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path file = Files.writeString(bin.resolve(name), script);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private int pin() throws IOException, InterruptedException {
        ProcessBuilder script =
                new ProcessBuilder(ROOT.resolve("docker/pin-images.sh").toString());
        script.environment().put("SLIPWAY_HOME", folder.toString());
        script.environment().merge("PATH", folder.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
        script.redirectErrorStream(true).redirectOutput(folder.resolve("out").toFile());
        return script.start().waitFor();
    }
}
