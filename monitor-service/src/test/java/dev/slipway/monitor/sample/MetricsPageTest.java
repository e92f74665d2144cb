package dev.slipway.monitor.sample;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsPageTest {

    @Test
    void shouldReadWhatARealExporterWrites() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Counter.builder("edge.requests")
                .tag("colour", "green")
                .tag("version", "a\"b\\c\nd")
                .tag("status", "500")
                .description("Requests, by \"status\"")
                .register(registry)
                .increment(3);
        Timer.builder("edge.request.duration")
                .tag("version", "v1")
                .publishPercentileHistogram()
                .register(registry)
                .record(Duration.ofMillis(20));

        List<Series> page = MetricsPage.read(registry.scrape().getBytes(UTF_8));

        assertThat(page)
                .contains(new Series(
                        "edge_requests_total", Map.of("colour", "green", "version", "a\"b\\c\nd", "status", "500"), 3));
        assertThat(page)
                .contains(new Series("edge_request_duration_seconds_bucket", Map.of("version", "v1", "le", "+Inf"), 1));
        assertThat(page).extracting(Series::name).contains("edge_request_duration_seconds_sum");
    }

    @Test
    void shouldReadEverythingTheFormatAllows() {
        String page = """
                # HELP msdos_file_access_time_seconds What "C:\\\\DIR" is.
                # TYPE msdos_file_access_time_seconds gauge
                msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9

                metric_without_timestamp_and_labels 12.47
                # a comment
                something_weird{problem="division by zero"} +Inf -3982045
                \t spaced { a = "1" , b="2", } \t .5 1395066363000
                rule:name:total{} 1
                nothing NaN
                """;

        List<Series> series = MetricsPage.read(page.getBytes(UTF_8));

        assertThat(series)
                .containsExactly(
                        new Series(
                                "msdos_file_access_time_seconds",
                                Map.of("path", "C:\\DIR\\FILE.TXT", "error", "Cannot find file:\n\"FILE.TXT\""),
                                1.458255915e9),
                        new Series("metric_without_timestamp_and_labels", Map.of(), 12.47),
                        new Series("something_weird", Map.of("problem", "division by zero"), Double.POSITIVE_INFINITY),
                        new Series("spaced", Map.of("a", "1", "b", "2"), .5),
                        new Series("rule:name:total", Map.of(), 1),
                        new Series("nothing", Map.of(), Double.NaN));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '§',
            value = {
                "requests_total                     | ends too early",
                "requests_total{a=\"1\"             | ends too early",
                "requests_total{a=\"1\"} one        | 'one' is no number",
                "requests_total{a=\"1\"} 0x10       | '0x10' is no number",
                "requests_total{a=\"1\"} 1d         | '1d' is no number",
                "requests_total{a=\"1\"} 1 soon     | 'soon' is no timestamp",
                "requests_total{a=\"1\"} 1 2 3      | something follows the timestamp",
                "requests_total{a=\"1\",a=\"2\"} 1  | label 'a' is there twice",
                "requests_total{a=\"\\t\"} 1        | unknown escape at column 20",
                "requests_total{a=1} 1              | '\"' should stand at column 18",
                "requests_total{a=\"1\" b=\"2\"} 1  | ',' should stand at column 22",
                "{a=\"1\"} 1                        | a name should start at column 1",
                "1requests 1                        | a name should start at column 1",
                "<html>                             | a name should start at column 1"
            })
    void shouldRefuseAWholePageForOneBadLine(String line, String reason) {
        String page = "good_total 1\n" + line + "\n";

        assertThatThrownBy(() -> MetricsPage.read(page.getBytes(UTF_8)))
                .isInstanceOf(UnreadableMetrics.class)
                .hasMessage("line 2 of the metrics page: " + reason);
    }

    @Test
    void shouldRefuseWhatIsNotUtf8() {
        assertThatThrownBy(() -> MetricsPage.read("a{b=\"é\"} 1".getBytes(ISO_8859_1)))
                .isInstanceOf(UnreadableMetrics.class);
    }
}
