package dev.slipway.trials.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChaosPlanTest {
    private static final List<String> PROCESSES = List.of("deploy-service", "deploy-service#2", "notify-service");
    private static final List<String> APPLICATIONS = List.of("lab-1", "lab-2", "shop");

    private static ChaosPlan plan(long seed, int minutes) {
        return ChaosPlan.of(seed, Duration.ofMinutes(minutes), PROCESSES, APPLICATIONS);
    }

    @Test
    void shouldMakeTheSamePlanOfTheSameSeed() {
        assertThat(plan(7, 20)).isEqualTo(plan(7, 20));
        assertThat(plan(7, 20).faults()).isNotEqualTo(plan(8, 20).faults());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 40, 1_000_000_007, -1})
    void shouldBreakEverythingAtLeastOnceInThreeMinutes(long seed) {
        ChaosPlan plan = plan(seed, 3);

        assertThat(plan.faults().stream()
                        .map(fault -> fault.getClass().getSimpleName())
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("Kill", "Outage", "Freeze", "Resend", "Moody");
        assertThat(plan.faults().stream().map(Fault::victim)).contains("kafka", "postgres");
        assertThat(plan.asks()).hasSizeGreaterThan(50);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldKillFiftyTimesAndMoreInTwentyMinutes(long seed) {
        assertThat(plan(seed, 20).faults().stream().filter(Fault.Kill.class::isInstance))
                .hasSizeGreaterThanOrEqualTo(50);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldKeepToTheLengthsItPromises(long seed) {
        for (Fault fault : plan(seed, 60).faults()) {
            long seconds = fault.lasts().toSeconds();
            switch (fault) {
                case Fault.Outage outage
                when outage.victim().equals("kafka") -> assertThat(seconds).isBetween(30L, 60L);
                case Fault.Outage _ -> assertThat(seconds).isBetween(15L, 30L);
                case Fault.Freeze _, Fault.Moody _ -> assertThat(seconds).isBetween(1L, 32L);
                case Fault.Kill _, Fault.Resend _ -> assertThat(seconds).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldNotBreakTwiceWhatIsBroken(long seed) {
        List<Fault> outages = plan(seed, 60).faults().stream()
                .filter(fault -> fault instanceof Fault.Outage || fault instanceof Fault.Kill)
                .filter(fault -> fault.victim().equals("kafka"))
                .toList();
        assertThat(IntStream.range(1, outages.size()))
                .allSatisfy(index -> assertThat(outages.get(index).at())
                        .isGreaterThan(outages.get(index - 1)
                                .at()
                                .plus(outages.get(index - 1).lasts())));
    }
}
