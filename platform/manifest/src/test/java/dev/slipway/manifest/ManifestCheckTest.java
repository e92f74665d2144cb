package dev.slipway.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.manifest.ManifestCheck.Checked;
import dev.slipway.manifest.ShopReader.Proof;
import dev.slipway.manifest.ShopReader.Shop;
import dev.slipway.web.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestCheckTest {
    private static final References REFERENCES = References.of(Map.of("SLIPWAY_REF_PW", "s3cret"));

    private final ManifestCheck<Shop> check = ManifestCheck.with(new ShopReader(), REFERENCES);

    @Test
    void shouldReadWhatItsOwnSectionsSay() {
        Shop shop = check.read("""
                        application: shop
                        databases:
                          - name: orders
                            password: ${env:SLIPWAY_REF_PW}
                            proof: full-restore
                            maxAge: PT2H
                            schedules:
                              - {name: nightly, cron: "0 2 * * *", zone: America/Los_Angeles, labels: {version: 1.10}}
                        """).sections();

        ShopReader.Database database = shop.databases().getFirst();
        assertThat(database.name()).isEqualTo("orders");
        assertThat(database.password()).isEqualTo("${env:SLIPWAY_REF_PW}");
        assertThat(database.connections()).isEqualTo(5);
        assertThat(database.proof()).isEqualTo(Proof.FULL_RESTORE);
        assertThat(database.maxAge()).hasValue(Duration.ofHours(2));
        assertThat(database.schedules().getFirst().zone()).isEqualTo(ZoneId.of("America/Los_Angeles"));
        assertThat(database.schedules().getFirst().labels()).containsEntry("version", "1.10");
    }

    @Test
    void shouldTellEveryFaultAtOnceInTheOrderOfTheDocument() {
        Checked<Shop> checked = check.read("""
                application: Shop
                databases:
                  - name: orders
                    pasword: x
                    connections: many
                    maxAge: 2h
                    schedules:
                      - name: nightly
                        cron: "0 25 * * *"
                        zone: Mars/Olympus
                        colour: red
                  - {name: orders, password: plain, proof: full_restore, copyOf: nothing}
                audience: []
                """);

        assertThat(checked.faults().stream().map(Fault::toString))
                .containsExactly(
                        "application: must be a name of lower-case letters, digits and single hyphens, at most 63,"
                                + " not 'Shop' (line 1, column 14)",
                        "databases[0].password: is missing (line 3, column 5)",
                        "databases[0].pasword: is not a known key (did you mean 'password'?) (line 4, column 5)",
                        "databases[0].connections: must be a whole number from 1 to 50, not 'many'"
                                + " (line 5, column 18)",
                        "databases[0].maxAge: must be an ISO 8601 duration above zero such as PT30S, PT10M or P1D,"
                                + " not '2h' (line 6, column 13)",
                        "databases[0].schedules[0].cron: must be a cron expression of five fields (minute hour day"
                                + " month weekday), not '0 25 * * *': Value 25 not in range [0, 23] (line 9, column 15)",
                        "databases[0].schedules[0].zone: must be an IANA time zone such as Europe/Berlin, or UTC,"
                                + " not 'Mars/Olympus' (line 10, column 15)",
                        "databases[0].schedules[0].colour: is not a known key (line 11, column 9)",
                        "databases[1].name: 'orders' is there twice (line 12, column 12)",
                        "databases[1].password: must be a reference such as ${env:SLIPWAY_REF_NAME}: a secret is"
                                + " never written in a manifest (line 12, column 30)",
                        "databases[1].proof: must be one of readback, full-restore, not 'full_restore'"
                                + " (did you mean 'full-restore'?) (line 12, column 44)",
                        "databases[1].copyOf: there is no database 'nothing' (line 12, column 66)",
                        "audience: is not a known key (did you mean 'audiences'?) (line 13, column 1)");
        assertThatThrownBy(checked::sections).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldLeaveTheSectionsOfOtherServicesAlone() {
        Checked<Shop> checked = check.read("""
                application: shop
                environments: [{whatever: [1, 2], target: "${env:NOT_OURS}"}]
                notices: 7
                """);

        assertThat(checked.faults()).isEmpty();
    }

    @Test
    void shouldMakeAFaultOfARecordsRefusal() {
        Checked<Shop> checked = check.read("""
                application: shop
                databases:
                  - {name: template1, password: "${env:SLIPWAY_REF_PW}"}
                """);

        assertThat(checked.faults())
                .containsExactly(new Fault("databases[0]", "template1 is no database of yours", 3, 5));
    }

    @Test
    void shouldWantEveryReferenceToLeadSomewhere() {
        Checked<Shop> checked = check.read("""
                application: shop
                databases:
                  - name: orders
                    password: ${env:SLIPWAY_REF_TYPO}
                    schedules: [{name: n, cron: "0 2 * * *", zone: UTC, labels: {a: "${env:PATH}"}}]
                """);

        assertThat(checked.faults())
                .containsExactly(
                        new Fault(
                                "databases[0].password", "${env:SLIPWAY_REF_TYPO} has no value in this service", 4, 15),
                        new Fault(
                                "databases[0].schedules[0].labels.a",
                                "${env:PATH} is not allowed: only variables that start with SLIPWAY_REF_",
                                5,
                                69));
    }

    @Test
    void shouldWantTheApplicationToBeTheOneInThePath() {
        Checked<Shop> checked = check.read("application: shop".getBytes(StandardCharsets.UTF_8), Optional.of("store"));

        assertThat(checked.faults())
                .containsExactly(new Fault("application", "must be 'store' like the path it is sent to", 1, 14));
    }

    @Test
    void shouldTakeTheBytesForTheVersion() {
        String yaml = "application: shop\n";

        assertThat(check.read(yaml).hash())
                .isEqualTo("sha256:75f51f5130bb397ec16a7621a2c869f65d0e1b1de88448568e66a9e32a59f608")
                .isNotEqualTo(check.read(yaml + "\n").hash());
    }

    @Test
    void shouldReadJsonAsWell() {
        Checked<Shop> checked = check.read(
                "{\"application\": \"shop\",\n\t\"databases\": [{\"name\": \"a\", \"password\": \"${env:SLIPWAY_REF_PW}\","
                        + " \"connections\": 7}], \"artifact\": \"\\u00e9\\ud83d\\ude00\"}");

        assertThat(checked.faults()).isEmpty();
        assertThat(checked.sections().databases().getFirst().connections()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            application: [shop          | 1 | 19 | is not readable YAML
            application: shop\\n\\tx: y   | 2 | 1  | is not readable YAML
            application: a: b           | 1 | 15 | is not readable YAML
            application: *nobody        | 1 | 14 | is not readable YAML
            a: [${env:X}]               | 1 | 6  | is not readable YAML: expected ',' or ']', but got {; inside [] and {} a ${…} needs quotes
            a: 1\\n---\\nb: 2             | 2 | 1  | is not readable YAML
            - shop                      | 1 | 1  | must be a mapping
            shop                        | 1 | 1  | must be a mapping
            `# nothing`                 | 1 | 1  | must be a mapping
            ? [a]\\n: b                  | 1 | 3  | has a key that is no text
            a: &x {b: *x}               | 1 | 4  | contains itself
            a: !!java.net.URL [x]       | 1 | 4  | is not readable YAML: Global tag is not allowed
            a: !secret x                | 1 | 4  | has the tag !secret
            a: 1\\nb: 2\\na: 3            | 3 | 1  | is there twice, first in line 1
            a: &x {b: c}\\nd: {<<: *x}   | 2 | 5  | merge keys are not read here
            application: "\\u0007"       | 1 | 15 | has a character that YAML does not allow: U+0007
            """)
    void shouldSayWhereYamlIsNoneOrNotOurs(String yaml, int line, int column, String message) {
        String text = yaml.replace("\\n", "\n").replace("\\t", "\t").replace("\\u0007", "\u0007");

        assertThat(check.read(text).faults()).anySatisfy(fault -> {
            assertThat(fault.message()).startsWith(message);
            assertThat(fault.line()).isEqualTo(line);
            assertThat(fault.column()).isEqualTo(column);
        });
    }

    @Test
    void shouldRefuseWhatIsNoText() {
        assertThat(check.read(new byte[] {'a', ':', ' ', (byte) 0xC3, '\n'}).faults())
                .containsExactly(Fault.at("", "is not UTF-8"));
        assertThat(check.read(new byte[0]).faults()).hasSize(1);
    }

    @Test
    void shouldRefuseWhatIsTooLargeTooDeepOrGrowsByAliases() {
        String laughs = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
                + "b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n"
                + "c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\n"
                + "d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\n"
                + "e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]\n";

        assertThat(check.read("a: " + "x".repeat(1024 * 1024)).faults())
                .containsExactly(Fault.at("", "is larger than 1 MiB"));
        assertThat(check.read("a: " + "[".repeat(100) + "]".repeat(100)).faults())
                .hasSize(1);
        assertThat(check.read(laughs).faults())
                .containsExactly(Fault.at("", "has more than 50000 nodes once its aliases are followed"));
    }

    @Test
    void shouldNotGoRoundInWhatContainsItself() {
        Checked<Object> checked = ManifestCheck.with(new RootReader(root -> root.json("artifact")))
                .read("application: shop\nartifact: &x {b: *x}");

        assertThat(checked.faults()).containsExactly(new Fault("artifact.b", "contains itself", 2, 11));
    }

    @Test
    void shouldFollowAnAliasToWhatItStandsFor() {
        Checked<Object> checked = ManifestCheck.with(new RootReader(root -> root.json("webhooks")))
                .read("application: shop\nartifact: &x {b: c}\nwebhooks: [*x, *x]");

        assertThat(checked.sections().toString()).isEqualTo("[{\"b\":\"c\"},{\"b\":\"c\"}]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "on", "012", "1:30", "2026-03-01", "0x1F", "=", "1_000"})
    void shouldTakeForTextWhatYaml12TakesForText(String scalar) {
        Checked<Object> checked = ManifestCheck.with(
                        new RootReader(root -> root.json("artifact").isTextual()))
                .read("application: shop\nartifact: " + scalar);

        assertThat(checked.sections()).isEqualTo(true);
    }

    @Test
    void shouldReadTheShopsManifest() throws IOException {
        String yaml = Files.readString(Path.of("../../demo/slipway.yaml"));

        Checked<Object> checked = ManifestCheck.with(new RootReader(root -> root.namesIn("environments")))
                .read(yaml);

        assertThat(checked.faults()).isEmpty();
        assertThat(checked.sections().toString()).isEqualTo("[staging, production]");
    }

    record RootReader(java.util.function.Function<ManifestNode, Object> reader) implements ManifestReader<Object> {
        @Override
        public String service() {
            return "deploy-service";
        }

        @Override
        public Object read(ManifestNode root, Faults faults) {
            return reader.apply(root);
        }
    }
}
