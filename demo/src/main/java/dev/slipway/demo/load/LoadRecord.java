package dev.slipway.demo.load;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/// What the customers saw, kept by themselves: nothing in it comes from the shop's or the edge's own figures.
public final class LoadRecord {
    /// The version of an answer that names none.
    public static final String NO_VERSION = "none";

    /// The status of a request that got no answer.
    public static final int NO_ANSWER = 0;

    private static final int MOST_REFUSALS = 100_000;
    private static final long LONGEST_MICROS = Duration.ofSeconds(60).toNanos() / 1000;

    private final Map<String, Map<Integer, Long>> answers = new TreeMap<>();
    private final Map<String, Histogram> latencies = new HashMap<>();
    private final Map<String, Span> spans = new HashMap<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private long notSent;

    /// A request that did not get what it asked for. @param status [#NO_ANSWER] when nothing came
    public record Refusal(Instant at, int status, String version) {
        /// The door was closed on purpose: the edge itself said so.
        public boolean maintenance() {
            return status == 503 && version.equals(NO_VERSION);
        }
    }

    /// From the first answer of a version to its last one.
    public record Span(Instant first, Instant last) {
        public Duration length() {
            return Duration.between(first, last);
        }

        private Span to(Instant at) {
            return new Span(first, at);
        }
    }

    /// @param notSent requests that were due while too many were waiting
    /// @param answers by version and status
    /// @param spans by version
    /// @param refusals in the order they came
    public record Seen(
            Map<String, Map<Integer, Long>> answers, Map<String, Span> spans, List<Refusal> refusals, long notSent) {
        public long requests() {
            return answers.values().stream()
                    .flatMap(byStatus -> byStatus.values().stream())
                    .mapToLong(Long::longValue)
                    .sum();
        }

        public long requests(String version) {
            return answers.getOrDefault(version, Map.of()).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }

        /// Orders that were placed and confirmed.
        public long placed() {
            return answers.values().stream()
                    .mapToLong(byStatus -> byStatus.getOrDefault(201, 0L))
                    .sum();
        }

        /// What failed although the door was open.
        public List<Refusal> failures() {
            return refusals.stream().filter(refusal -> !refusal.maintenance()).toList();
        }

        /// The failures in a span of time, both ends included.
        public List<Refusal> failures(Instant from, Instant to) {
            return failures().stream()
                    .filter(refusal ->
                            !refusal.at().isBefore(from) && !refusal.at().isAfter(to))
                    .toList();
        }

        /// How long customers found the door closed: from the first such answer to the last one in the span.
        public Duration closed(Instant from, Instant to) {
            List<Instant> closed = refusals.stream()
                    .filter(Refusal::maintenance)
                    .map(Refusal::at)
                    .filter(at -> !at.isBefore(from) && !at.isAfter(to))
                    .sorted()
                    .toList();
            return closed.isEmpty() ? Duration.ZERO : Duration.between(closed.getFirst(), closed.getLast());
        }
    }

    synchronized void answered(Instant at, String version, int status, Duration took) {
        answers.computeIfAbsent(version, _ -> new TreeMap<>()).merge(status, 1L, Long::sum);
        spans.merge(version, new Span(at, at), (span, _) -> span.to(at));
        latencies
                .computeIfAbsent(version, _ -> new Histogram(LONGEST_MICROS, 2))
                .recordValue(Math.min(LONGEST_MICROS, took.toNanos() / 1000));
        if ((status < 200 || status > 299) && refusals.size() < MOST_REFUSALS) {
            refusals.add(new Refusal(at, status, version));
        }
    }

    synchronized void notSent() {
        notSent++;
    }

    public synchronized Seen seen() {
        Map<String, Map<Integer, Long>> copy = new TreeMap<>();
        answers.forEach((version, byStatus) -> copy.put(version, Map.copyOf(byStatus)));
        return new Seen(copy, Map.copyOf(spans), List.copyOf(refusals), notSent);
    }

    /// Time from when a request was due to the end of its answer. @param percentile 0 to 100
    public synchronized Duration latency(String version, double percentile) {
        Histogram histogram = latencies.get(version);
        return histogram == null ? Duration.ZERO : Duration.ofNanos(histogram.getValueAtPercentile(percentile) * 1000);
    }
}
