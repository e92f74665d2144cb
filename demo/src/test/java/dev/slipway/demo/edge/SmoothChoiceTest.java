package dev.slipway.demo.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmoothChoiceTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10, 25, 50, 75, 99, 100})
    void shouldGiveEachColourExactlyItsShareOfEveryHundred(int green) {
        var choice = new SmoothChoice(Weights.of(Map.of("blue", 100 - green, "green", green)));

        for (int hundred = 0; hundred < 3; hundred++) {
            List<String> chosen =
                    IntStream.range(0, 100).mapToObj(_ -> choice.next()).toList();
            assertThat(chosen.stream().filter("green"::equals)).hasSize(green);
        }
    }

    @Test
    void shouldSpreadTheShareEvenly() {
        var choice = new SmoothChoice(Weights.of(Map.of("blue", 90, "green", 10)));

        for (int ten = 0; ten < 10; ten++) {
            List<String> chosen =
                    IntStream.range(0, 10).mapToObj(_ -> choice.next()).toList();
            assertThat(chosen).containsOnlyOnce("green");
        }
    }

    @Test
    void shouldOweNothingFromEarlierWeights() {
        var choice = new SmoothChoice(Weights.of(Map.of("blue", 90, "green", 10)));
        IntStream.range(0, 7).forEach(_ -> choice.next());

        choice.set(Weights.of(Map.of("blue", 100, "green", 0)));

        assertThat(IntStream.range(0, 100).mapToObj(_ -> choice.next())).containsOnly("blue");
    }

    @Test
    void shouldRefuseWeightsThatAreNoHundred() {
        assertThatThrownBy(() -> Weights.of(Map.of("blue", 90, "green", 20))).hasMessageContaining("110");
        assertThatThrownBy(() -> Weights.of(Map.of("blue", 110, "green", -10))).hasMessageContaining("0 to 100");
        assertThatThrownBy(() -> Weights.of(Map.of())).hasMessageContaining("not 100");
    }
}
