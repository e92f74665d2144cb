package dev.slipway.demo.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class EdgeMetricsTest {

    @Test
    void shouldHaveBucketsFromOneMillisecondToSixteenSecondsAtMostTwelvePercentApart() {
        assertThat(LatencyBuckets.seconds(0)).isEqualTo(0.001);
        assertThat(LatencyBuckets.seconds(LatencyBuckets.count() - 1)).isGreaterThanOrEqualTo(16);
        for (int bucket = 1; bucket < LatencyBuckets.count(); bucket++) {
            assertThat(LatencyBuckets.seconds(bucket) / LatencyBuckets.seconds(bucket - 1))
                    .isBetween(1.0, 1.12);
        }
    }

    @Test
    void shouldPutAValueIntoTheBucketWhoseBoundItDoesNotPass() {
        assertThat(LatencyBuckets.of(0.0001)).isZero();
        assertThat(LatencyBuckets.of(LatencyBuckets.seconds(5))).isEqualTo(5);
        assertThat(LatencyBuckets.of(LatencyBuckets.seconds(5) + 1e-9)).isEqualTo(6);
        assertThat(LatencyBuckets.of(100)).isEqualTo(LatencyBuckets.count());
    }

    @Test
    void shouldCountPerColourVersionAndStatus() {
        var metrics = new EdgeMetrics();
        var green = new EdgeMetrics.Side("green", "b2c3");

        metrics.count(green, 200, Duration.ofMillis(3));
        metrics.count(green, 200, Duration.ofMillis(5));
        metrics.count(green, 500, Duration.ofSeconds(20));

        assertThat(metrics.text().lines())
                .contains(
                        "edge_requests_total{colour=\"green\",version=\"b2c3\",status=\"200\"} 2",
                        "edge_requests_total{colour=\"green\",version=\"b2c3\",status=\"500\"} 1",
                        "edge_request_duration_seconds_bucket{colour=\"green\",version=\"b2c3\",le=\"0.001\"} 0",
                        "edge_request_duration_seconds_bucket{colour=\"green\",version=\"b2c3\",le=\"0.004\"} 1",
                        "edge_request_duration_seconds_bucket{colour=\"green\",version=\"b2c3\",le=\"16.384\"} 2",
                        "edge_request_duration_seconds_bucket{colour=\"green\",version=\"b2c3\",le=\"+Inf\"} 3",
                        "edge_request_duration_seconds_count{colour=\"green\",version=\"b2c3\"} 3");
    }

    @Test
    void shouldKeepItsLinesWholeWhateverABackendCallsItself() {
        var metrics = new EdgeMetrics();

        metrics.count(new EdgeMetrics.Side("blue", "a\"} 9\nx"), 200, Duration.ofMillis(1));

        assertThat(metrics.text()).contains("version=\"a\\\"} 9\\nx\",status=\"200\"} 1\n");
    }
}
