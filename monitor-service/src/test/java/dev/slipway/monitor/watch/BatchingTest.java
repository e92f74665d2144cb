package dev.slipway.monitor.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.monitor.evidence.Counts;
import dev.slipway.monitor.sample.Sample;
import dev.slipway.monitor.sample.Tally;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchingTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final Batching FIVE_SECONDS = new Batching("v2", "v1", Duration.ofSeconds(5));

    @Test
    void shouldCutBatchesAtSamples() {
        List<Sample.Taken> samples = List.of(
                sample(1, 10, 1, 100, 2),
                sample(3, 12, 1, 120, 2),
                sample(6, 15, 2, 150, 3),
                sample(11, 25, 2, 200, 3));

        assertThat(FIVE_SECONDS.after(Optional.empty(), samples))
                .containsExactly(
                        new Batch(1, at(1), at(6), new Counts(5, 1, 50, 1)),
                        new Batch(2, at(6), at(11), new Counts(15, 1, 100, 1)));
    }

    @Test
    void shouldLoseNothingWhileSamplesAreMissed() {
        List<Sample.Taken> samples = List.of(sample(0, 0, 0, 0, 0), sample(90, 300, 3, 2700, 27));

        assertThat(FIVE_SECONDS.after(Optional.empty(), samples))
                .containsExactly(new Batch(1, at(0), at(90), new Counts(300, 3, 2700, 27)));
    }

    @Test
    void shouldGoOnWhereTheLastBatchEnded() {
        Batch last = new Batch(4, at(15), at(20), new Counts(40, 4, 400, 4));
        List<Sample.Taken> samples = List.of(sample(20, 1000, 10, 5000, 50), sample(25, 1010, 11, 5100, 51));

        assertThat(FIVE_SECONDS.after(Optional.of(last), samples))
                .containsExactly(new Batch(5, at(20), at(25), new Counts(50, 5, 500, 5)));
    }

    @Test
    void shouldCountOnThroughARestartOfTheCounters() {
        List<Sample.Taken> samples = List.of(
                sample(0, 1000, 10, 5000, 50),
                sample(2, 1010, 10, 5050, 50),
                sample(4, 3, 1, 20, 0),
                sample(6, 8, 2, 60, 1));

        assertThat(FIVE_SECONDS.after(Optional.empty(), samples))
                .containsExactly(new Batch(1, at(0), at(6), new Counts(18, 2, 110, 1)));
    }

    @Test
    void shouldTakeAVersionThatAppearsForANewOne() {
        List<Sample.Taken> samples =
                List.of(new Sample.Taken(at(0), Map.of("v1", new Tally(500, 5))), sample(5, 7, 1, 540, 5));

        assertThat(FIVE_SECONDS.after(Optional.empty(), samples))
                .containsExactly(new Batch(1, at(0), at(5), new Counts(7, 1, 40, 0)));
    }

    @Test
    void shouldGiveTheSameBatchesAtOnceAndBitByBit() {
        Random random = new Random(11);
        List<Sample.Taken> samples = new ArrayList<>();
        int second = 0;
        long[] counted = new long[4];
        for (int i = 0; i < 400; i++) {
            second += 1 + random.nextInt(4);
            if (random.nextInt(60) == 0) {
                counted = new long[4];
            }
            long candidate = random.nextInt(20);
            long baseline = random.nextInt(200);
            counted[0] += candidate;
            counted[1] += candidate / 5;
            counted[2] += baseline;
            counted[3] += baseline / 50;
            samples.add(sample(second, counted[0], counted[1], counted[2], counted[3]));
        }

        List<Batch> atOnce = FIVE_SECONDS.after(Optional.empty(), samples);
        List<Batch> bitByBit = new ArrayList<>();
        for (int seen = 1; seen <= samples.size(); seen++) {
            Optional<Batch> last = bitByBit.isEmpty() ? Optional.empty() : Optional.of(bitByBit.getLast());
            Instant from = last.map(Batch::endedAt).orElse(START);
            List<Sample.Taken> since = samples.subList(0, seen).stream()
                    .filter(sample -> !sample.at().isBefore(from))
                    .toList();
            bitByBit.addAll(FIVE_SECONDS.after(last, since));
        }

        assertThat(bitByBit).isEqualTo(atOnce).hasSizeGreaterThan(100);
        assertThat(atOnce).isSortedAccordingTo((a, b) -> {
            Counts before = a.total();
            Counts after = b.total();
            boolean grows = after.candidateRequests() >= before.candidateRequests()
                    && after.candidateErrors() >= before.candidateErrors()
                    && after.baselineRequests() >= before.baselineRequests()
                    && after.baselineErrors() >= before.baselineErrors();
            return grows ? -1 : 1;
        });
    }

    private static Sample.Taken sample(int second, long n2, long e2, long n1, long e1) {
        return new Sample.Taken(at(second), Map.of("v2", new Tally(n2, e2), "v1", new Tally(n1, e1)));
    }

    private static Instant at(int second) {
        return START.plusSeconds(second);
    }
}
