package dev.slipway.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.manifest.ManifestCheck.Checked;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestNodeTest {
    private static final References REFERENCES = References.of(Map.of(
            "SLIPWAY_REF_URL", "https://shop.example/x", "SLIPWAY_REF_WRONG", "hunter2", "SLIPWAY_REF_PORT", "5432"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {x: 7}                 | must be a single value, not an object
            [7]                    | must be a single value, not a list
            `""`                   | is empty
            `"7"`                  | must be written without quotes
            07                     | must be a whole number from 1 to 9, not '07'
            10                     | must be a whole number from 1 to 9, not '10'
            7.0                    | must be a whole number from 1 to 9, not '7.0'
            99999999999999999999   | must be a whole number from 1 to 9, not '99999999999999999999'
            ${env:SLIPWAY_REF_URL} | must be a whole number from 1 to 9, not '${env:SLIPWAY_REF_URL}'
            """)
    void shouldRefuseWhatIsNoWholeNumber(String value, String message) {
        assertFault(value, node -> node.integer("v", 1, 9), message);
    }

    @ParameterizedTest
    @CsvSource({
        "yes,'must be true or false, not ''yes'''",
        "'\"true\"',must be written without quotes",
        "~,'is empty: give it a value or leave the key out'"
    })
    void shouldRefuseWhatIsNeitherTrueNorFalse(String value, String message) {
        assertFault(value, node -> node.bool("v"), message);
    }

    @Test
    void shouldSayInPlainFiguresWhichNumbersItTakes() {
        assertFault(
                "1", node -> node.number("v", 0.000001, 0.5, 0.1), "must be a number from 0.000001 to 0.5, not '1'");
        assertThat(read("0.01", node -> node.number("v", 0.000001, 0.5, 0.1)).sections())
                .isEqualTo(0.01);
    }

    @ParameterizedTest
    @CsvSource({"PT0S", "-PT5S", "5m", "P1Y"})
    void shouldRefuseWhatIsNoDurationAboveZero(String value) {
        assertFault(
                value,
                node -> node.duration("v"),
                "must be an ISO 8601 duration above zero such as PT30S, PT10M or P1D, not '%s'".formatted(value));
    }

    @ParameterizedTest
    @CsvSource({"+02:00", "CET", "EST5EDT", "Europe/Atlantis"})
    void shouldRefuseAZoneThatForgetsSummer(String value) {
        assertFault(
                value,
                node -> node.zone("v"),
                "must be an IANA time zone such as Europe/Berlin, or UTC, not '%s'".formatted(value));
    }

    @ParameterizedTest
    @CsvSource({"'\"* * * *\"'", "'\"0 0 0 * * *\"'", "'\"61 * * * *\"'", "'\"0 0 31 2 *\"'", "daily"})
    void shouldRefuseACronThatNeverComesDue(String value) {
        Checked<Object> checked = read(value, node -> node.cron("v"));

        assertThat(checked.faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault.message())
                        .startsWith("must be a cron expression of five fields (minute hour day month weekday), not '"));
    }

    @ParameterizedTest
    @CsvSource({"ftp://x/y", "shop.example", "http:///x", "'\"http://a b\"'"})
    void shouldRefuseWhatIsNoUrl(String value) {
        Checked<Object> checked = read(value, node -> node.url("v"));

        assertThat(checked.faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault.message())
                        .startsWith("must be a URL that starts with http:// or https:// and names a host"));
    }

    @Test
    void shouldJudgeAReferencesValueWithoutShowingIt() {
        assertThat(read("${env:SLIPWAY_REF_URL}", node -> node.url("v")).sections())
                .isEqualTo("${env:SLIPWAY_REF_URL}");
        assertThat(read("${env:SLIPWAY_REF_PORT}", node -> node.port("v", 1)).sections())
                .isEqualTo("${env:SLIPWAY_REF_PORT}");
        assertFault(
                "${env:SLIPWAY_REF_WRONG}",
                node -> node.port("v", 1),
                "must be a whole number from 1 to 65535; what ${env:SLIPWAY_REF_WRONG} leads to is not");
        assertFault(
                "${env:SLIPWAY_REF_WRONG}",
                node -> node.url("v"),
                "must be a URL that starts with http:// or https:// and names a host; what ${env:SLIPWAY_REF_WRONG} leads to is not");
    }

    @Test
    void shouldKeepTheFormOfWhatIsPassedOn() {
        Checked<Object> checked = read(
                "{a: 1, b: 1.50, c: \"1\", d: true, e: null, f: [x, \"${token}\"], g: yes}", node -> node.json("v"));

        assertThat(checked.sections().toString())
                .isEqualTo(
                        "{\"a\":1,\"b\":1.50,\"c\":\"1\",\"d\":true,\"e\":null,\"f\":[\"x\",\"${token}\"],\"g\":\"yes\"}");
    }

    @Test
    void shouldReadMapsWithFreeKeys() {
        Checked<Object> checked = read("{\"$.status\": [a, b], x: [c]}", node -> node.map("v", ManifestNode::asTexts));

        assertThat(checked.sections()).isEqualTo(Map.of("$.status", List.of("a", "b"), "x", List.of("c")));
    }

    @Test
    void shouldNameThePlaceOfAFreeKey() {
        Checked<Object> checked = read("{\"$.status\": [a, []]}", node -> node.map("v", ManifestNode::asTexts));

        assertThat(checked.faults().getFirst().path()).isEqualTo("artifact.v[\"$.status\"][1]");
    }

    @Test
    void shouldRefuseAnEmptyListWhereItemsAreNeeded() {
        assertFault("[]", node -> node.texts("v"), "is empty");
        assertThat(read("[]", node -> node.optionalTexts("v")).faults()).isEmpty();
        assertFault("x", node -> node.texts("v"), "must be a list, not a single value");
        assertFault("[x, ~]", node -> node.texts("v"), "is empty");
    }

    @Test
    void shouldSayOnceThatAnObjectIsNone() {
        assertFault(
                "x",
                node -> node.object("v", inner -> inner.text("a") + inner.text("b")),
                "must be an object, not a single value");
    }

    @Test
    void shouldGiveEveryFallbackWhereTheKeyIsAbsent() {
        Checked<Object> checked = readObject(
                "{}",
                node -> List.of(
                        node.text("a", "x"),
                        node.integer("b", 0, 9, 3),
                        node.bool("c", true),
                        node.optionalText("d"),
                        node.port("e", 80),
                        node.optionalList("f", ManifestNode::asText),
                        node.number("g", 0, 1, 0.5)));

        assertThat(checked.sections()).isEqualTo(List.of("x", 3, true, Optional.empty(), "80", List.of(), 0.5));
    }

    @Test
    void shouldNotTakeAFaultOfTheReaderForOneOfTheManifest() {
        assertThatThrownBy(() -> readObject("{}", node -> {
                    throw new IllegalStateException("a fault of ours");
                }))
                .isInstanceOf(IllegalStateException.class);
    }

    private static void assertFault(String value, Function<ManifestNode, Object> reader, String message) {
        assertThat(read(value, reader).faults()).singleElement().satisfies(fault -> {
            assertThat(fault.message()).isEqualTo(message);
            assertThat(fault.path()).startsWith("artifact.v");
            assertThat(fault.line()).isEqualTo(3);
        });
    }

    private static Checked<Object> read(String value, Function<ManifestNode, Object> reader) {
        return readObject("\n  v: " + value, reader);
    }

    private static Checked<Object> readObject(String value, Function<ManifestNode, Object> reader) {
        return ManifestCheck.with(new ManifestCheckTest.RootReader(root -> root.object("artifact", reader)), REFERENCES)
                .read("application: shop\nartifact: " + value);
    }
}
