package dev.slipway.trials.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a check counted, and where what happened is not what was asked.
public final class Findings {
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final List<String> differences = new ArrayList<>();

    /// Every number with what it counts, in the order they were counted.
    public List<String> table() {
        int width = counts.keySet().stream().mapToInt(String::length).max().orElse(0);
        return counts.entrySet().stream()
                .map(count -> ("%-" + width + "s  %,9d").formatted(count.getKey(), count.getValue()))
                .toList();
    }

    public Map<String, Long> counts() {
        return Map.copyOf(counts);
    }

    /// In words, each for itself; empty when everything is as it should be.
    public List<String> differences() {
        return List.copyOf(differences);
    }

    void count(String what, long number) {
        counts.merge(what, number, Long::sum);
    }

    void difference(String format, Object... arguments) {
        differences.add(format.formatted(arguments));
    }
}
