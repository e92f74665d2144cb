package dev.slipway.monitor.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Named;

/// The golden cases of `watch-vectors.json`, computed once with 60 digits.
final class Vectors {
    private static final double TOLERANCE = 1e-9;

    private Vectors() {}

    static Stream<Named<JsonNode>> ofType(String type) {
        List<Named<JsonNode>> found = new ArrayList<>();
        for (JsonNode item : read().get("cases")) {
            if (item.get("type").textValue().equals(type)) {
                found.add(Named.of(item.get("id").textValue(), item));
            }
        }
        return found.stream();
    }

    static Counts counts(JsonNode item) {
        return new Counts(
                item.get("nC").longValue(),
                item.get("eC").longValue(),
                item.get("nS").longValue(),
                item.get("eS").longValue());
    }

    static List<Counts> cumulative(JsonNode item) {
        List<Counts> batches = new ArrayList<>();
        for (JsonNode row : item.get("cumulative")) {
            batches.add(new Counts(
                    row.get(0).longValue(),
                    row.get(1).longValue(),
                    row.get(2).longValue(),
                    row.get(3).longValue()));
        }
        return batches;
    }

    static double number(JsonNode item, String name) {
        return Double.parseDouble(item.get(name).textValue());
    }

    /// Relative, and absolute near 0.
    static Offset<Double> near(double expected) {
        return Offset.offset(TOLERANCE * Math.max(1, Math.abs(expected)));
    }

    private static JsonNode read() {
        try (InputStream in = Vectors.class.getResourceAsStream("/watch-vectors.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
