package dev.slipway.monitor.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.monitor.manifest.CounterSelector;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CounterReadingTest {
    private static final CounterSelector REQUESTS =
            CounterSelector.of("requests_total", Map.of("version", "${version}"));
    private static final CounterSelector ERRORS =
            CounterSelector.of("requests_total", Map.of("version", "${version}", "status", "5.."));

    @Test
    void shouldAddUpTheCountersOfEachVersion() {
        List<Series> page = page("""
                requests_total{version="v1",status="200",colour="blue"} 90
                requests_total{version="v1",status="500",colour="blue"} 2
                requests_total{version="v1",status="503",colour="green"} 3
                requests_total{version="v2",status="404",colour="green"} 7
                requests_total{status="500"} 4
                other_total{version="v1",status="500"} 1000
                """);

        assertThat(CounterReading.read(page, REQUESTS, ERRORS))
                .isEqualTo(Map.of("v1", new Tally(95, 5), "v2", new Tally(7, 0)));
    }

    @Test
    void shouldNotTakeAMissingCounterForNoRequests() {
        assertThatThrownBy(() -> CounterReading.read(page("requests 1"), REQUESTS, ERRORS))
                .hasMessage("the metrics page has no counter named requests_total");
    }

    @Test
    void shouldRefuseMoreErrorsThanRequests() {
        CounterSelector wrong = CounterSelector.of("errors_total", Map.of("version", "${version}"));

        assertThatThrownBy(() -> CounterReading.read(
                        page("requests_total{version=\"v1\"} 1\nerrors_total{version=\"v1\"} 2"), REQUESTS, wrong))
                .hasMessageContaining("more errors (2) than requests (1)");
    }

    @Test
    void shouldRefuseWhatIsNoCounter() {
        assertThatThrownBy(() -> CounterReading.read(page("requests_total{version=\"v1\"} NaN"), REQUESTS, ERRORS))
                .hasMessage("requests_total is NaN, which is no counter");
        assertThatThrownBy(() -> CounterReading.read(page("requests_total{version=\"v1\"} -1"), REQUESTS, ERRORS))
                .hasMessage("requests_total is -1.0, which is no counter");
    }

    @Test
    void shouldRefuseALabelThatIsNoVersion() {
        String page = IntStream.rangeClosed(1, 201)
                .mapToObj(i -> "requests_total{version=\"%d\"} 1".formatted(i))
                .collect(Collectors.joining("\n"));

        assertThatThrownBy(() -> CounterReading.read(page(page), REQUESTS, ERRORS))
                .hasMessageContaining("is that label a version?");
    }

    @Test
    void shouldSeeARestartedCounter() {
        assertThat(new Tally(120, 5).since(new Tally(100, 4))).isEqualTo(new Tally(20, 1));
        assertThat(new Tally(30, 2).since(new Tally(100, 4))).isEqualTo(new Tally(30, 2));
        assertThat(new Tally(130, 0).since(new Tally(100, 4))).isEqualTo(new Tally(130, 0));
        assertThat(new Tally(101, 50).since(new Tally(100, 4))).isEqualTo(new Tally(101, 50));
    }

    private static List<Series> page(String text) {
        return MetricsPage.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
