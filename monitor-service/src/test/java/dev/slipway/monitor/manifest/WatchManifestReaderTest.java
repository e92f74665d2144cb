package dev.slipway.monitor.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.manifest.ManifestCheck;
import dev.slipway.manifest.ManifestCheck.Checked;
import dev.slipway.web.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WatchManifestReaderTest {
    private static final String LEAST = """
            application: shop
            environments: [{name: production}]
            watches:
              - environment: production
                metrics: http://edge.example/metrics
                requests: {name: requests_total, labels: {version: "${version}"}}
                errors: {name: requests_total, labels: {version: "${version}", status: "5.."}}
            """;

    @Test
    void shouldReadTheDemosManifest() throws IOException {
        Checked<WatchManifest> read = read(Files.readString(Path.of("../demo/slipway.yaml")));

        assertThat(read.faults()).isEmpty();
        EnvironmentWatch watch = read.sections().of("production").orElseThrow();
        assertThat(watch.metrics()).isEqualTo("${env:SLIPWAY_REF_SHOP_EDGE_METRICS_URL}");
        assertThat(watch.every()).isEqualTo(Duration.ofSeconds(1));
        assertThat(watch.requests())
                .isEqualTo(CounterSelector.of("edge_requests_total", Map.of("version", "${version}")));
    }

    @Test
    void shouldFillInWhatIsUsual() {
        EnvironmentWatch watch = read(LEAST).sections().of("production").orElseThrow();

        assertThat(watch.settings()).isEqualTo(WatchSettings.USUAL);
        assertThat(watch.every()).isEqualTo(Duration.ofSeconds(5));
        assertThat(watch.timeout()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void shouldReadEverySetting() {
        EnvironmentWatch watch = read(LEAST + """
                    every: PT20S
                    timeout: PT4S
                    batch: PT40S
                    sourceDeadline: PT2M
                    alpha: 0.01
                    delta: 0
                    gate: 0.05
                    promotion: {margin: 0.05, beta: 0.1}
                """).sections().of("production").orElseThrow();

        assertThat(watch.every()).isEqualTo(Duration.ofSeconds(20));
        assertThat(watch.timeout()).isEqualTo(Duration.ofSeconds(4));
        assertThat(watch.settings())
                .isEqualTo(new WatchSettings(Duration.ofSeconds(40), Duration.ofMinutes(2), .01, 0, .05, .05, .1));
    }

    @Test
    void shouldKeepBatchAndDeadlineLongerThanTheInterval() {
        WatchSettings settings = read(LEAST + "    every: PT30S\n")
                .sections()
                .of("production")
                .orElseThrow()
                .settings();

        assertThat(settings.batch()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.sourceDeadline()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void shouldLiveWithoutWatches() {
        assertThat(read("application: shop").sections().watches()).isEmpty();
    }

    @Test
    void shouldNameEveryFaultAtOnce() {
        Checked<WatchManifest> read = read("""
                application: shop
                environments: [{name: production}]
                watches:
                  - environment: prod
                    metrics: edge/metrics
                    every: soon
                    batch: PT0.01S
                    alpha: 2
                    delta: 0.01
                    gate: 0.001
                    promote: {margin: 1}
                    requests: {name: requests_total, labels: {job: shop}}
                    errors: {name: requests_total, labels: {version: "${version}", status: "5..("}, unit: s}
                """);

        assertThat(read.faults())
                .extracting(Fault::path)
                .containsExactlyInAnyOrder(
                        "watches[0].environment",
                        "watches[0].metrics",
                        "watches[0].every",
                        "watches[0].batch",
                        "watches[0].alpha",
                        "watches[0].gate",
                        "watches[0].promote",
                        "watches[0].requests",
                        "watches[0].errors.unit");
        assertThat(read.faults()).allSatisfy(fault -> assertThat(fault.line()).isNotNull());
    }

    @Test
    void shouldRefuseToWatchAnEnvironmentTwice() {
        String twice = LEAST + LEAST.substring(LEAST.indexOf("  - environment"));

        assertThat(read(twice).faults())
                .extracting(Fault::message)
                .containsExactly("two of them are of the same environment");
    }

    private static Checked<WatchManifest> read(String yaml) {
        return ManifestCheck.with(new WatchManifestReader()).read(yaml);
    }
}
