package dev.slipway.demo.edge;

import java.util.Map;
import java.util.TreeMap;

/// Chooses the colour of each request by smooth weighted round robin: of every hundred requests each colour gets
/// exactly its weight, spread evenly. Not thread-safe.
final class SmoothChoice {
    private Weights weights;
    private final Map<String, Integer> credit = new TreeMap<>();

    SmoothChoice(Weights weights) {
        this.weights = weights;
    }

    Weights weights() {
        return weights;
    }

    /// Later requests follow the new weights; nothing is owed from the old ones.
    void set(Weights newWeights) {
        weights = newWeights;
        credit.clear();
    }

    String next() {
        String chosen = null;
        for (Map.Entry<String, Integer> weight : weights.percent().entrySet()) {
            int credited = credit.merge(weight.getKey(), weight.getValue(), Integer::sum);
            if (weight.getValue() > 0 && (chosen == null || credited > credit.get(chosen))) {
                chosen = weight.getKey();
            }
        }
        credit.merge(chosen, -100, Integer::sum);
        return chosen;
    }
}
