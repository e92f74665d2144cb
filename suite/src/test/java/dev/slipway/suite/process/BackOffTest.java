package dev.slipway.suite.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackOffTest {
    @Test
    void shouldDoubleTheDelayUpToTheLongest() {
        BackOff backOff = BackOff.standard(Duration.ofMinutes(1));

        assertThat(IntStream.rangeClosed(1, 8).mapToObj(backOff::before).map(Duration::toMillis))
                .containsExactly(500L, 1_000L, 2_000L, 4_000L, 8_000L, 15_000L, 15_000L, 15_000L);
        assertThat(backOff.before(1_000_000)).isEqualTo(Duration.ofSeconds(15));
    }
}
