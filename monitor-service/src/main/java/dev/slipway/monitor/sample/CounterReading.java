package dev.slipway.monitor.sample;

import dev.slipway.monitor.manifest.CounterSelector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Adds up the series of one page into counters per version.
final class CounterReading {
    private static final int MOST_VERSIONS = 200;

    /// Beyond 2^53 a double no longer holds every whole number.
    private static final double LARGEST = 0x1p53;

    private CounterReading() {}

    /// @throws UnreadableMetrics when the page cannot be what the selectors were written for
    static Map<String, Tally> read(List<Series> page, CounterSelector requests, CounterSelector errors) {
        if (page.stream().noneMatch(series -> series.name().equals(requests.name()))) {
            throw new UnreadableMetrics("the metrics page has no counter named " + requests.name());
        }
        Map<String, Long> asked = sums(page, requests);
        Map<String, Long> failed = sums(page, errors);
        if (asked.size() > MOST_VERSIONS) {
            throw new UnreadableMetrics("the metrics page counts for more than %d versions: is that label a version?"
                    .formatted(MOST_VERSIONS));
        }
        Map<String, Tally> tallies = new HashMap<>();
        asked.forEach(
                (version, count) -> tallies.put(version, tally(version, count, failed.getOrDefault(version, 0L))));
        return tallies;
    }

    private static Tally tally(String version, long requests, long errors) {
        if (errors > requests) {
            throw new UnreadableMetrics("version '%s' has more errors (%d) than requests (%d): do both selectors fit?"
                    .formatted(version, errors, requests));
        }
        return new Tally(requests, errors);
    }

    private static Map<String, Long> sums(List<Series> page, CounterSelector selector) {
        Map<String, Long> sums = new HashMap<>();
        for (Series series : page) {
            Optional<String> version = selector.version(series.name(), series.labels());
            version.ifPresent(name -> sums.merge(name, count(series), Long::sum));
        }
        return sums;
    }

    private static long count(Series series) {
        double value = series.value();
        if (!(value >= 0 && value <= LARGEST)) {
            throw new UnreadableMetrics("%s is %s, which is no counter".formatted(series.name(), value));
        }
        return Math.round(value);
    }
}
