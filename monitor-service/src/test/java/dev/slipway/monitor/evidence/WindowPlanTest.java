package dev.slipway.monitor.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WindowPlanTest {
    private static final Duration MINUTES = Duration.ofMinutes(5);

    @Test
    void shouldStartAWindowEveryMinute() {
        List<Window> windows = WindowPlan.of(1, 0, everyFiveSeconds(40), MINUTES);

        assertThat(windows)
                .containsExactly(
                        new Window(0, .4, 1),
                        new Window(12, .5 / 60, 3),
                        new Window(24, .5 / 60, 3),
                        new Window(36, .5 / 60, 3));
    }

    @Test
    void shouldHaveNoWindowBeforeTheFirstBatch() {
        assertThat(WindowPlan.of(1, 0, List.of(), MINUTES)).isEmpty();
    }

    @Test
    void shouldSpreadTheTicksOfALongStep() {
        List<Window> windows = WindowPlan.of(1, 0, everyFiveSeconds(12 * 60 * 4), Duration.ofHours(4));

        assertThat(windows.get(1).from()).isEqualTo(48);
        assertThat(WindowPlan.ticks(windows)).isEqualTo(59);
    }

    @Test
    void shouldNeverWeighMoreThanTheWholeStake() {
        int spent = 0;
        double weight = 0;
        for (int step = 1; step <= 40; step++) {
            List<Window> windows = WindowPlan.of(step, spent, everyFiveSeconds(60), MINUTES);
            spent += WindowPlan.ticks(windows);
            weight += windows.stream().mapToDouble(Window::weight).sum();
        }

        assertThat(spent).isEqualTo(60);
        assertThat(weight).isCloseTo(1, within(1e-9));
    }

    private static List<Instant> everyFiveSeconds(int batches) {
        Instant start = Instant.parse("2026-03-01T10:00:00Z");
        return IntStream.range(0, batches)
                .mapToObj(i -> start.plusSeconds(5L * i))
                .toList();
    }
}
