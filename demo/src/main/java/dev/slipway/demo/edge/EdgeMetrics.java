package dev.slipway.demo.edge;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/// What went through the edge, as Prometheus reads it. Not thread-safe: everything happens on the edge's event loop.
final class EdgeMetrics {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final Comparator<Side> SIDES =
            Comparator.comparing(Side::colour).thenComparing(Side::version);

    private final Map<Answered, Long> requests =
            new TreeMap<>(Comparator.comparing(Answered::side, SIDES).thenComparing(Answered::status));
    private final Map<Side, Histogram> durations = new TreeMap<>(SIDES);

    /// @param colour `blue`, `green`, or `maintenance` for what the edge answered itself
    /// @param version of the shop that answered, or `none`
    record Side(String colour, String version) {}

    private record Answered(Side side, String status) {}

    private static final class Histogram {
        private final long[] counts = new long[LatencyBuckets.count() + 1];
        private double sum;
    }

    void count(Side side, int status, Duration took) {
        requests.merge(new Answered(side, Integer.toString(status)), 1L, Long::sum);
        double seconds = took.toNanos() / 1e9;
        Histogram histogram = durations.computeIfAbsent(side, _ -> new Histogram());
        histogram.counts[LatencyBuckets.of(seconds)]++;
        histogram.sum += seconds;
    }

    String text() {
        var text = new StringBuilder(16 * 1024);
        text.append("# HELP edge_requests_total Requests answered.\n# TYPE edge_requests_total counter\n");
        requests.forEach((answered, count) -> text.append("edge_requests_total{")
                .append(labels(answered.side()))
                .append(",status=\"")
                .append(answered.status())
                .append("\"} ")
                .append(count)
                .append('\n'));
        text.append("# HELP edge_request_duration_seconds From the request to the end of its answer.\n")
                .append("# TYPE edge_request_duration_seconds histogram\n");
        durations.forEach((side, histogram) -> append(text, side, histogram));
        return text.toString();
    }

    private static void append(StringBuilder text, Side side, Histogram histogram) {
        String labels = labels(side);
        long below = 0;
        for (int bucket = 0; bucket < histogram.counts.length; bucket++) {
            below += histogram.counts[bucket];
            String bound = bucket == LatencyBuckets.count() ? "+Inf" : LatencyBuckets.label(bucket);
            line(text, "_bucket{" + labels + ",le=\"" + bound + "\"}")
                    .append(below)
                    .append('\n');
        }
        line(text, "_sum{" + labels + "}").append(histogram.sum).append('\n');
        line(text, "_count{" + labels + "}").append(below).append('\n');
    }

    private static StringBuilder line(StringBuilder text, String series) {
        return text.append("edge_request_duration_seconds").append(series).append(' ');
    }

    private static String labels(Side side) {
        return "colour=\"%s\",version=\"%s\"".formatted(side.colour(), escaped(side.version()));
    }

    /// A label's value comes from a backend's answer: what would break the line is escaped.
    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
