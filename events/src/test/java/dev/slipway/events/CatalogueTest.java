package dev.slipway.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Holds the catalogue against the records, the schemas, the examples and the page that lists the events.
/// `-Dslipway.write=true` writes schemas, examples and the page anew after a change that was meant.
class CatalogueTest {
    private static final boolean WRITE = Boolean.getBoolean("slipway.write");
    private static final Path RESOURCES = Path.of("src/main/resources");
    private static final Path PAGE = Path.of("README.md");
    private static final Set<String> SERVICES =
            Set.of(Catalogue.DEPLOY, Catalogue.BACKUP, Catalogue.MONITOR, Catalogue.NOTIFY);

    /// Custom types as CDEvents 0.5.1 allows them: one hyphen, letters only, one digit per version part.
    private static final Pattern CUSTOM =
            Pattern.compile("dev\\.cdeventsx\\.slipway-[a-zA-Z]+\\.[a-zA-Z]+\\.[0-9]\\.[0-9]\\.[0-9]");

    /// The types of CDEvents 0.5.1 that Slipway uses, with the version that release gives them.
    private static final Set<String> STANDARD = Set.of(
            "dev.cdevents.pipelinerun.queued.0.3.0",
            "dev.cdevents.pipelinerun.started.0.3.0",
            "dev.cdevents.pipelinerun.finished.0.3.0",
            "dev.cdevents.environment.modified.0.3.0",
            "dev.cdevents.service.deployed.0.3.0",
            "dev.cdevents.service.upgraded.0.3.0",
            "dev.cdevents.service.rolledback.0.3.0",
            "dev.cdevents.testsuiterun.started.0.3.0",
            "dev.cdevents.testsuiterun.finished.0.3.0",
            "dev.cdevents.incident.detected.0.3.0");

    static Stream<Catalogue.Entry> entries() {
        return Catalogue.entries().stream();
    }

    static Stream<Event<?>> examples() {
        return ExampleEvents.all().stream();
    }

    @Test
    void shouldListEveryRecordThatIsAnEvent() {
        Set<Class<?>> listed = entries().map(Catalogue.Entry::data).collect(Collectors.toSet());

        assertThat(records())
                .isNotEmpty()
                .allSatisfy(record -> assertThat(listed).contains(record));
    }

    @ParameterizedTest
    @MethodSource("entries")
    void shouldNameTypesTopicsAndServicesThatExist(Catalogue.Entry entry) {
        assertThat(CUSTOM.matcher(entry.type()).matches() || STANDARD.contains(entry.type()))
                .as(entry.type())
                .isTrue();
        assertThat(SERVICES).containsAll(entry.consumers());
        if (entry.topic().equals(Topics.ACCESS)) {
            assertThat(SERVICES.contains(entry.producer()) || entry.producer().equals(Catalogue.EACH))
                    .isTrue();
            assertThat(entry.consumers()).isEmpty();
            return;
        }
        assertThat(Topics.ofEvents()).contains(entry.topic());
        assertThat(SERVICES).contains(entry.producer());
        assertThat(entry.consumers()).doesNotContain(entry.producer());
    }

    @ParameterizedTest
    @MethodSource("entries")
    void shouldHaveASchemaThatSaysWhatTheRecordSays(Catalogue.Entry entry) throws IOException {
        Path file = RESOURCES.resolve("schemas/" + entry.type() + ".json");
        String schema = SchemaWriter.schema(entry).toPrettyString() + "\n";
        write(file, schema);

        assertThat(Files.readString(file)).isEqualTo(schema);
    }

    @Test
    void shouldHaveOneExampleOfEveryKind() {
        List<String> shown = examples()
                .map(example -> Catalogue.of(example.data().getClass()).type())
                .toList();

        assertThat(shown)
                .containsExactlyInAnyOrderElementsOf(
                        entries().map(Catalogue.Entry::type).toList());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shouldReadTheGoldenExampleAsTheEventItWas(Event<?> example) throws IOException {
        String type = Catalogue.of(example.data().getClass()).type();
        Path file = RESOURCES.resolve("examples/" + type + ".json");
        write(file, EventCodec.toJson(example).toPrettyString() + "\n");

        assertThat(EventCodec.read(Files.readAllBytes(file))).contains(example);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shouldHoldTheExampleAgainstItsSchema(Event<?> example) throws IOException {
        String type = Catalogue.of(example.data().getClass()).type();
        var schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(Files.readString(RESOURCES.resolve("schemas/" + type + ".json")));
        String json = EventCodec.toJson(example).toString();

        assertThat(schema.validate(json, InputFormat.JSON)).isEmpty();
        assertThat(schema.validate(json.replace("\"chainId\"", "\"chain\""), InputFormat.JSON))
                .isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shouldNameTheRequiredFieldThatIsMissing(Event<?> example) {
        ObjectNode json = EventCodec.toJson(example);
        ObjectNode data = (ObjectNode)
                (example.data() instanceof EventData.Standard ? json.get("customData") : json.at("/subject/content"));
        Class<?> record = example.data() instanceof EventData.Standard
                ? example.data().getClass().getRecordComponents()[1].getType()
                : example.data().getClass();
        String required = Arrays.stream(record.getRecordComponents())
                .filter(component -> !RequiredFields.isNullable(component)
                        && !component.getType().isPrimitive())
                .findFirst()
                .orElseThrow()
                .getName();
        data.remove(required);

        assertThatThrownBy(() -> EventCodec.read(json.toString().getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(UnreadableEvent.class)
                .hasMessageContaining(required);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shouldIgnoreFieldsItDoesNotKnow(Event<?> example) {
        ObjectNode json = EventCodec.toJson(example);
        ((ObjectNode) json.at("/subject/content")).put("invented", 1);
        json.put("somethingElse", true);

        assertThat(EventCodec.read(json.toString().getBytes(StandardCharsets.UTF_8)))
                .contains(example);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shouldSetTheCloudEventsAttributesAsHeaders(Event<?> example) {
        JsonNode json = EventCodec.toJson(example);

        assertThat(EventCodec.headers(example))
                .containsEntry("ce_specversion", "1.0")
                .containsEntry("ce_id", json.at("/context/id").textValue())
                .containsEntry("ce_type", json.at("/context/type").textValue())
                .containsEntry("ce_source", json.at("/context/source").textValue())
                .containsEntry("ce_subject", json.at("/subject/id").textValue())
                .containsEntry("ce_time", json.at("/context/timestamp").textValue())
                .containsEntry("content-type", "application/json");
    }

    @Test
    void shouldSayWhatIsWrongWithWhatIsNoEvent() {
        Map<String, String> faults = Map.of(
                "", "not a JSON object",
                "[]", "not a JSON object",
                "{", "not JSON",
                "{\"context\":{}}", "missing context.type",
                "{\"context\":{\"type\":7}}", "not a text: context.type");

        faults.forEach(
                (text, message) -> assertThatThrownBy(() -> EventCodec.read(text.getBytes(StandardCharsets.UTF_8)))
                        .isInstanceOf(UnreadableEvent.class)
                        .hasMessageContaining(message));
    }

    @Test
    void shouldLeaveUnknownTypesAlone() {
        String event = "{\"context\":{\"type\":\"dev.cdevents.build.finished.0.3.0\"}}";

        assertThat(EventCodec.read(event.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    @Test
    void shouldListEveryEventOnItsPage() throws IOException {
        String table = entries()
                .map(entry -> "| `%s` | %s | `%s` | %s | %s | [example](src/main/resources/examples/%s.json) |"
                        .formatted(
                                entry.type().replaceFirst("^dev\\.cdevents", ""),
                                entry.producer(),
                                entry.topic(),
                                entry.key(),
                                consumers(entry),
                                entry.type()))
                .collect(Collectors.joining("\n"));
        if (WRITE) {
            String page = Files.readString(PAGE);
            String kept = page.substring(
                    0,
                    page.indexOf("|---|")
                            + page.substring(page.indexOf("|---|")).indexOf('\n'));
            Files.writeString(PAGE, kept + "\n" + table + "\n");
        }

        assertThat(Files.readString(PAGE)).contains(table);
    }

    private static String consumers(Catalogue.Entry entry) {
        if (entry.topic().equals(Topics.ACCESS)) {
            return Catalogue.EACH + " (kept in memory)";
        }
        return entry.consumers().isEmpty() ? "—" : String.join(", ", new TreeSet<>(entry.consumers()));
    }

    private static Set<Class<?>> records() {
        String folder = "src/main/java/dev/slipway/events";
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            return files.map(file -> file.getFileName().toString().replace(".java", ""))
                    .filter(name -> !name.equals("package-info"))
                    .<Class<?>>map(CatalogueTest::load)
                    .filter(type -> type.isRecord() && EventData.class.isAssignableFrom(type))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName("dev.slipway.events." + name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write(Path file, String text) throws IOException {
        if (WRITE) {
            Files.writeString(file, text);
        }
    }
}
