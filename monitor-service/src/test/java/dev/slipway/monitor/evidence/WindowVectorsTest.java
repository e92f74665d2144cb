package dev.slipway.monitor.evidence;

import static dev.slipway.monitor.evidence.Vectors.near;
import static dev.slipway.monitor.evidence.Vectors.number;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WindowVectorsTest {

    static Stream<Named<JsonNode>> rollbackWindows() {
        return Vectors.ofType("rollbackWindow");
    }

    @ParameterizedTest
    @MethodSource("rollbackWindows")
    void shouldAgreeOnRollbackWindow(JsonNode item) {
        double expected = number(item, "logE");

        double logE = RollbackWindow.logE(
                Vectors.counts(item), number(item, "w"), number(item, "delta"), number(item, "phi"));

        assertThat(logE).isCloseTo(expected, near(expected));
    }

    static Stream<Named<JsonNode>> promoteWindows() {
        return Vectors.ofType("promoteWindow");
    }

    @ParameterizedTest
    @MethodSource("promoteWindows")
    void shouldAgreeOnPromoteWindow(JsonNode item) {
        double expected = number(item, "logE");

        double logE = PromoteWindow.logE(Vectors.counts(item), number(item, "w"), number(item, "margin"), 1);

        assertThat(logE).isCloseTo(expected, near(expected));
        assertThat(logE >= -Math.log(.05))
                .isEqualTo(item.get("promoteAtBeta005").booleanValue());
    }

    static Stream<Named<JsonNode>> histories() {
        return Vectors.ofType("oneSampleHistory");
    }

    @ParameterizedTest
    @MethodSource("histories")
    void shouldAgreeOnHistoryWindow(JsonNode item) {
        double expected = number(item, "logE");

        double logE =
                HistoryWindow.logE(item.get("n").longValue(), item.get("e").longValue(), number(item, "u"), 1);

        assertThat(logE).isCloseTo(expected, near(expected));
    }

    static Stream<Named<JsonNode>> proportions() {
        return Vectors.ofType("proportionBounds");
    }

    @ParameterizedTest
    @MethodSource("proportions")
    void shouldAgreeOnProportionBounds(JsonNode item) {
        double lower = number(item, "lower");
        double upper = number(item, "upper");

        Interval bounds =
                Interval.ofProportion(item.get("n").longValue(), item.get("e").longValue(), number(item, "alpha"));

        assertThat(bounds.lower()).isCloseTo(lower, near(lower));
        assertThat(bounds.upper()).isCloseTo(upper, near(upper));
    }

    static Stream<Named<JsonNode>> series() {
        return Vectors.ofType("series");
    }

    @ParameterizedTest
    @MethodSource("series")
    void shouldAgreeOnEveryCheckOfASeries(JsonNode item) {
        List<Counts> batches = Vectors.cumulative(item);
        WindowTest test = new WindowTest.AgainstBaseline(number(item, "delta"), number(item, "phi"));
        double bound = -Math.log(number(item, "alpha"));

        List<Double> checks = new ArrayList<>();
        for (int seen = 1; seen <= batches.size(); seen++) {
            checks.add(WindowMixture.of(
                            batches.subList(0, seen), windowsOfFiveSecondBatches(seen), test, number(item, "gate"))
                    .logGated());
        }

        for (int i = 0; i < checks.size(); i++) {
            JsonNode expected = item.get("logMix").get(i);
            if (expected.isNull()) {
                assertThat(checks.get(i)).as("check %d", i).isEqualTo(Double.NEGATIVE_INFINITY);
            } else {
                double value = Double.parseDouble(expected.textValue());
                assertThat(checks.get(i)).as("check %d", i).isCloseTo(value, near(value));
            }
        }
        Integer firstRollback = checks.stream()
                .filter(logE -> logE >= bound)
                .findFirst()
                .map(checks::indexOf)
                .orElse(null);
        assertThat(firstRollback)
                .isEqualTo(
                        item.get("firstRollbackIndex").isNull()
                                ? null
                                : item.get("firstRollbackIndex").intValue());
    }

    /// One anchor and a new window every 60 s, in batches of 5 s.
    private static List<Window> windowsOfFiveSecondBatches(int batches) {
        List<Window> windows = new ArrayList<>(List.of(new Window(0, .4, 1)));
        for (int from = 12; from < batches; from += 12) {
            windows.add(new Window(from, .5 / 60, 3));
        }
        return windows;
    }
}
