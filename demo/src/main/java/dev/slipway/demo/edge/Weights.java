package dev.slipway.demo.edge;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// How the traffic is divided: percent per colour, 100 in all.
public record Weights(SortedMap<String, Integer> percent) {
    public Weights {
        percent.forEach((colour, share) -> {
            if (share < 0 || share > 100) {
                throw new IllegalArgumentException("%s: a weight is 0 to 100, not %d".formatted(colour, share));
            }
        });
        int sum = percent.values().stream().mapToInt(Integer::intValue).sum();
        if (sum != 100) {
            throw new IllegalArgumentException("the weights make %d, not 100".formatted(sum));
        }
        percent = Collections.unmodifiableSortedMap(new TreeMap<>(percent));
    }

    /// All traffic to one colour.
    static Weights all(String colour, Set<String> colours) {
        var percent = new TreeMap<String, Integer>();
        colours.forEach(each -> percent.put(each, each.equals(colour) ? 100 : 0));
        return new Weights(percent);
    }

    static Weights of(Map<String, Integer> percent) {
        return new Weights(new TreeMap<>(percent));
    }
}
