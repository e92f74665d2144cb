package dev.slipway.monitor.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvidenceTest {
    private static final double DELTA = .005;
    private static final double GATE = .025;
    private static final double BOUND = Math.log(250);
    private static final List<Window> FIRST_STEP = List.of(new Window(0, .4, 1));
    private static final WindowTest BESIDE_BASELINE = new WindowTest.AgainstBaseline(DELTA, 1);

    @ParameterizedTest
    @ValueSource(doubles = {.05, .1, .25, .5, .75, .95})
    void shouldNotExpectToGainOnAnyPointOfTheHypothesis(double share) {
        double largest = 0;
        for (double baseline = .0005; baseline < .99; baseline += .01) {
            for (double candidate = .0005; candidate <= Math.min(.995, baseline + DELTA); candidate += .01) {
                largest = Math.max(largest, expectedFactor(baseline, candidate, share));
            }
            largest = Math.max(largest, expectedFactor(baseline, Math.min(.995, baseline + DELTA), share));
        }

        assertThat(largest).isLessThanOrEqualTo(1 + 1e-9);
    }

    /// What one request is expected to multiply the e-value by, over the four things it may show.
    private static double expectedFactor(double baseline, double candidate, double share) {
        return (1 - share) * baseline * Math.exp(oneRequest(new Counts(0, 0, 1, 1), share))
                + (1 - share) * (1 - baseline) * Math.exp(oneRequest(new Counts(0, 0, 1, 0), share))
                + share * candidate * Math.exp(oneRequest(new Counts(1, 1, 0, 0), share))
                + share * (1 - candidate) * Math.exp(oneRequest(new Counts(1, 0, 0, 0), share));
    }

    private static double oneRequest(Counts counts, double share) {
        double sum = 0;
        int alternatives = 0;
        for (double baseline : Alternatives.baselineRates()) {
            for (double worseBy : Alternatives.worseBy()) {
                if (Alternatives.isRate(baseline + worseBy)) {
                    sum += Math.exp(TwoStream.logStake(counts, baseline, baseline + worseBy, share, DELTA));
                    alternatives++;
                }
            }
        }
        assertThat(alternatives).isEqualTo(109);
        return Math.log(sum / alternatives);
    }

    /// Candidate errors that are just enough at a tenth of the traffic, by what the candidate saw so far.
    @ParameterizedTest
    @CsvSource({
        "0,     10, 4",
        "0,     50, 5",
        "0,     100, 6",
        "0,     200, 8",
        "0,     1000, 25",
        "0.001, 50, 5",
        "0.001, 100, 7",
        "0.001, 200, 9",
        "0.001, 1000, 27",
        "0.01,  10, 5",
        "0.01,  20, 6",
        "0.01,  50, 8",
        "0.01,  100, 10",
        "0.01,  500, 24",
        "0.01, 1000, 37"
    })
    void shouldCallBackFromThisManyErrorsOn(double baselineRate, long requests, long errors) {
        assertThat(callsBack(baselineRate, requests, errors)).isTrue();
        assertThat(callsBack(baselineRate, requests, errors - 1)).isFalse();
    }

    private static boolean callsBack(double baselineRate, long requests, long errors) {
        long baseline = 9 * requests;
        Counts counts = new Counts(requests, errors, baseline, Math.round(baselineRate * baseline));
        return counts.difference() >= GATE && Math.log(.4) + RollbackWindow.logE(counts, DELTA, 1) >= BOUND;
    }

    @Test
    void shouldNeverCallBackForASingleBatch() {
        List<Counts> batches =
                cumulative(new Counts(50, 0, 450, 0), new Counts(50, 50, 450, 0), new Counts(50, 0, 450, 0));

        WindowMixture mixture = WindowMixture.of(batches, FIRST_STEP, BESIDE_BASELINE, GATE);

        assertThat(mixture.logGated()).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void shouldCallBackForTwoBadBatches() {
        List<Counts> batches = cumulative(new Counts(50, 10, 450, 0), new Counts(50, 10, 450, 0));

        WindowMixture mixture = WindowMixture.of(batches, FIRST_STEP, BESIDE_BASELINE, GATE);

        assertThat(mixture.logGated()).isGreaterThan(BOUND);
    }

    @Test
    void shouldShowASmallFaultWithoutTheGateOnly() {
        List<Counts> batches = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            batches.add(new Counts(5_000L * i, 125L * i, 5_000L * i, 25L * i));
        }

        WindowMixture mixture = WindowMixture.of(batches, FIRST_STEP, BESIDE_BASELINE, GATE);

        assertThat(mixture.logGated()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(mixture.logUngated()).isGreaterThan(BOUND);
    }

    @Test
    void shouldFindALateFaultByALateWindow() {
        List<Counts> parts = new ArrayList<>();
        for (int i = 0; i < 240; i++) {
            parts.add(new Counts(50, i < 230 ? 0 : 5, 450, 1));
        }
        List<Counts> batches = cumulative(parts.toArray(Counts[]::new));
        List<Window> withTicks = new ArrayList<>(FIRST_STEP);
        for (int from = 12; from < 240; from += 12) {
            withTicks.add(new Window(from, .5 / 60, 3));
        }

        double alone =
                WindowMixture.of(batches, FIRST_STEP, BESIDE_BASELINE, GATE).logGated();
        double mixed =
                WindowMixture.of(batches, withTicks, BESIDE_BASELINE, GATE).logGated();

        assertThat(alone).isLessThan(BOUND);
        assertThat(mixed).isGreaterThan(BOUND);
    }

    @Test
    void shouldLowerTheEvidenceOfBurstyTraffic() {
        Counts counts = new Counts(200, 15, 1800, 9);

        assertThat(RollbackWindow.logE(counts, DELTA, 3)).isLessThan(RollbackWindow.logE(counts, DELTA, 1));
    }

    @Test
    void shouldHaveNothingToSayWithoutABaselineOrACandidate() {
        assertThat(RollbackWindow.logE(new Counts(100, 100, 0, 0), DELTA, 1)).isZero();
        assertThat(RollbackWindow.logE(new Counts(0, 0, 100, 0), DELTA, 1)).isZero();
        assertThat(PromoteWindow.logE(new Counts(0, 0, 100, 0), GATE, 1)).isZero();
    }

    @Test
    void shouldPromoteAFirstReleaseOnItsOwnRate() {
        assertThat(PromoteWindow.logE(new Counts(1000, 0, 0, 0), GATE, 1)).isGreaterThan(Math.log(20));
        assertThat(PromoteWindow.logE(new Counts(1000, 30, 0, 0), GATE, 1)).isLessThan(0);
    }

    @Test
    void shouldCallHistoryWorseOnlyBeyondItsLimit() {
        assertThat(HistoryWindow.logE(1000, 15, .02, 1)).isNegative();
        assertThat(HistoryWindow.logE(1000, 70, .02, 1)).isGreaterThan(BOUND);
        assertThat(HistoryWindow.logE(10, 10, .97, 1)).isZero();
    }

    @Test
    void shouldBoundTheDifferenceByBothSides() {
        Interval difference = Interval.ofDifference(new Counts(1000, 100, 9000, 90), .01);

        assertThat(difference.lower()).isBetween(.04, .09);
        assertThat(difference.upper()).isBetween(.09, .14);
    }

    @Test
    void shouldTakeIndependentRequestsForIndependent() {
        Random random = new Random(7);
        List<History.Batch> batches = new ArrayList<>();
        for (int i = 0; i < 720; i++) {
            batches.add(new History.Batch(i / 60, 500, errors(random, 500, .01)));
        }

        History history = History.of(batches);

        assertThat(history.phi(50)).isEqualTo(1);
        assertThat(history.mean()).isCloseTo(.01, within(.002));
        assertThat(history.limit()).isBetween(.02, .025);
    }

    @Test
    void shouldSeeBurstsInHistory() {
        Random random = new Random(7);
        List<History.Batch> batches = new ArrayList<>();
        for (int i = 0; i < 720; i++) {
            batches.add(new History.Batch(i / 60, 500, errors(random, 500, i % 10 == 0 ? .1 : 0)));
        }

        History history = History.of(batches);

        assertThat(history.phi(50)).isGreaterThan(3);
        assertThat(history.phi(1)).isEqualTo(1);
        assertThat(history.phi(1_000_000)).isEqualTo(50);
    }

    @Test
    void shouldTakeOnePercentForNormalWhenNothingIsKnown() {
        History few = History.of(List.of(new History.Batch(0, 99, 50)));

        assertThat(few).isEqualTo(History.UNKNOWN);
        assertThat(few.limit()).isCloseTo(.02, within(1e-12));
        assertThat(few.mean()).isEqualTo(.01);
        assertThat(few.phi(100)).isEqualTo(1);
    }

    private static long errors(Random random, int requests, double rate) {
        return random.doubles(requests).filter(value -> value < rate).count();
    }

    private static List<Counts> cumulative(Counts... parts) {
        List<Counts> batches = new ArrayList<>();
        Counts sum = Counts.NONE;
        for (Counts part : parts) {
            sum = sum.plus(part);
            batches.add(sum);
        }
        return batches;
    }
}
