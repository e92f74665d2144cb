package dev.slipway.monitor.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.events.IncidentDetected;
import dev.slipway.events.RollbackRequested;
import dev.slipway.events.TrafficShifted;
import dev.slipway.events.WatchFinished;
import dev.slipway.events.WatchHeld;
import dev.slipway.events.WatchStepPassed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WatchStoryTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration MINUTES = Duration.ofMinutes(5);

    @Test
    void shouldCallABadCandidateBack() {
        try (WatchStory story = WatchStory.ofShop(1, Duration.ofMinutes(10))) {
            TrafficShifted shift = story.shift(10);
            story.split(10, .2);
            story.hears(shift);

            Duration took = story.passUntil(RollbackRequested.class, SOON);
            story.pass(SOON);

            RollbackRequested asked = only(story.events(RollbackRequested.class));
            assertThat(took).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(25));
            assertThat(asked.after()).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(25));
            assertThat(asked.step()).isEqualTo(shift.step());
            assertThat(asked.signal()).isEqualTo("errors");
            assertThat(asked.logEvidence()).isGreaterThan(asked.bound());
            assertThat(asked.reason()).startsWith("the candidate fails more: ");
            IncidentDetected incident = only(story.events(IncidentDetected.class));
            assertThat(incident.customData().incident()).isEqualTo(asked.incident());
            assertThat(incident.customData().severity()).isEqualTo("sev1");
            assertThat(incident.content().environment().id()).isEqualTo("shop/production");
            assertThat(story.count("incident where state = 'open'")).isEqualTo(1);
            assertThat(story.current().state()).isInstanceOf(WatchState.CalledBack.class);
            assertThat(story.events(WatchStepPassed.class)).isEmpty();
        }
    }

    @Test
    void shouldCarryAGoodCandidateToTheEnd() {
        try (WatchStory story = WatchStory.ofShop(2, Duration.ofMinutes(10))) {
            for (int percent : List.of(10, 25, 50, 75)) {
                story.split(percent, .002);
                story.hears(story.shift(percent));
                Duration took = story.passUntil(WatchStepPassed.class, Duration.ofMinutes(2));
                assertThat(took).isGreaterThanOrEqualTo(Duration.ofSeconds(15));
            }
            story.split(100, .002);
            story.hears(story.shift(100));

            Duration strict = story.passUntil(WatchFinished.class, MINUTES);

            assertThat(strict).isBetween(Duration.ofMinutes(2), Duration.ofSeconds(125));
            assertThat(story.events(WatchStepPassed.class))
                    .hasSize(4)
                    .allSatisfy(passed -> assertThat(passed.unproven()).isFalse())
                    .allSatisfy(passed -> assertThat(passed.logEvidence()).isGreaterThan(Math.log(20)));
            assertThat(story.events(RollbackRequested.class)).isEmpty();
            assertThat(story.events(WatchHeld.class)).isEmpty();
            assertThat(story.current().state()).isInstanceOf(WatchState.Finished.class);
        }
    }

    @Test
    void shouldNotCallBackWhatIsHalfAPointWorse() {
        try (WatchStory story = WatchStory.ofShop(3, Duration.ofMinutes(10))) {
            story.split(50, .007);
            story.hears(story.shift(50));

            story.pass(Duration.ofMinutes(20));

            assertThat(story.events(RollbackRequested.class)).isEmpty();
            assertThat(story.count("incident")).isZero();
        }
    }

    @Test
    void shouldHoldWhatIsWorseForSureButNotMuch() {
        try (WatchStory story = WatchStory.ofShop(4, Duration.ofMinutes(1))) {
            story.edge.traffic("v1", 1000, .002);
            story.edge.traffic("v2", 1000, .022);
            story.hears(story.shift(50));

            story.passUntil(WatchHeld.class, MINUTES);

            assertThat(only(story.events(WatchHeld.class)).reason()).contains("by less than the 2.5 points");
            assertThat(story.events(RollbackRequested.class)).isEmpty();
        }
    }

    @Test
    void shouldStillCallBackAStepThatHasPassed() {
        try (WatchStory story = WatchStory.ofShop(5, Duration.ofMinutes(1))) {
            story.split(10, .002);
            story.hears(story.shift(10));
            story.passUntil(WatchStepPassed.class, MINUTES);
            story.split(10, .5);

            story.passUntil(RollbackRequested.class, MINUTES);

            assertThat(story.events(WatchStepPassed.class)).hasSize(1);
        }
    }

    @Test
    void shouldCallBackByHistoryWhenNothingRunsBeside() {
        try (WatchStory story = WatchStory.ofShop(6, Duration.ofMinutes(10))) {
            story.split(50, .002);
            story.hears(story.shift(50));
            story.passUntil(WatchStepPassed.class, MINUTES);
            story.split(100, .2);
            story.hears(story.shift(100));

            story.passUntil(RollbackRequested.class, SOON);

            assertThat(only(story.events(RollbackRequested.class)).counts().baselineRequests())
                    .isZero();
            assertThat(story.events(WatchFinished.class)).isEmpty();
        }
    }

    @Test
    void shouldMeasureByTheHourBefore() {
        try (WatchStory story = WatchStory.ofShop(7, Duration.ofMinutes(1))) {
            story.edge.traffic("v1", 100, .08);
            story.pass(Duration.ofMinutes(10));
            story.split(100, .07);
            story.edge.traffic("v1", 0, 0);
            story.hearsFinished(UUID.randomUUID(), "completed", "v1");
            story.hears(story.shift(100));

            story.passUntil(WatchFinished.class, MINUTES);

            assertThat(story.events(RollbackRequested.class)).isEmpty();
        }
    }

    @Test
    void shouldHoldWhileTheSourceIsDown() {
        try (WatchStory story = WatchStory.ofShop(8, Duration.ofMinutes(1))) {
            story.split(10, .002);
            story.hears(story.shift(10));
            story.pass(Duration.ofSeconds(5));
            story.edge.down(true);

            Duration took = story.passUntil(WatchHeld.class, MINUTES);
            story.pass(MINUTES);

            assertThat(took).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(20));
            assertThat(only(story.events(WatchHeld.class)).reason()).contains("answered with status 503");
            assertThat(story.events(WatchStepPassed.class)).isEmpty();
        }
    }

    @Test
    void shouldGoOnWhenTheSourceIsBack() {
        try (WatchStory story = WatchStory.ofShop(8, Duration.ofMinutes(1))) {
            story.split(10, .002);
            story.hears(story.shift(10));
            story.pass(Duration.ofSeconds(5));
            story.edge.down(true);
            story.passUntil(WatchHeld.class, MINUTES);
            story.edge.down(false);

            story.passUntil(WatchStepPassed.class, MINUTES);

            assertThat(story.events(WatchHeld.class)).hasSize(1);
        }
    }

    @Test
    void shouldNotMindAMissedSample() {
        try (WatchStory story = WatchStory.ofShop(9, Duration.ofMinutes(1))) {
            story.split(10, .002);
            story.hears(story.shift(10));
            story.pass(Duration.ofSeconds(5));
            story.edge.down(true);
            story.pass(Duration.ofSeconds(10));
            story.edge.down(false);

            story.passUntil(WatchStepPassed.class, MINUTES);

            assertThat(story.events(WatchHeld.class)).isEmpty();
        }
    }

    @Test
    void shouldCountOnWhenTheEdgeRestarts() {
        try (WatchStory story = WatchStory.ofShop(10, Duration.ofMinutes(10))) {
            story.split(10, .3);
            story.hears(story.shift(10));
            story.pass(Duration.ofSeconds(5));
            story.edge.restart();

            story.passUntil(RollbackRequested.class, SOON);

            assertThat(story.batches(story.current().step()))
                    .allSatisfy(batch -> assertThat(batch.total().candidateErrors())
                            .isLessThanOrEqualTo(batch.total().candidateRequests()));
        }
    }

    @Test
    void shouldOnlyEverAddToTheBatches() {
        try (WatchStory story = WatchStory.ofShop(11, Duration.ofMinutes(1))) {
            story.split(25, .01);
            TrafficShifted shift = story.shift(25);
            story.hears(shift);
            story.pass(Duration.ofMinutes(1));
            List<Batch> early = story.batches(shift.step());

            story.pass(Duration.ofMinutes(1));

            assertThat(story.batches(shift.step())).startsWith(early.toArray(Batch[]::new));
            assertThat(early.getFirst().startedAt()).isAfterOrEqualTo(shift.effectiveAt());
        }
    }

    @Test
    void shouldChangeNothingForARepeatedShift() {
        try (WatchStory story = WatchStory.ofShop(12, Duration.ofMinutes(1))) {
            story.split(10, .002);
            TrafficShifted first = story.shift(10);
            story.hears(first);
            story.passUntil(WatchStepPassed.class, MINUTES);
            TrafficShifted second = story.shift(25);
            story.hears(second);
            int checks = story.checks().size();

            story.hears(first);
            story.hears(second);
            story.hears(story.shift(10, "hold", first.effectiveAt()));
            story.clock.advance(Duration.ofSeconds(1));
            story.hears(story.again(second));

            assertThat(story.current().shift()).isEqualTo(second);
            assertThat(story.count("watch")).isEqualTo(2);
            assertThat(story.checks()).hasSize(checks);
        }
    }

    @Test
    void shouldGiveAHeldStepItsTimeAnewWhenItIsShiftedAgain() {
        try (WatchStory story = WatchStory.ofShop(21, Duration.ofMinutes(1))) {
            story.split(0, 0);
            TrafficShifted shift = story.shift(10);
            story.hears(shift);
            story.passUntil(WatchHeld.class, Duration.ofMinutes(6));
            int batches = story.batches(shift.step()).size();

            story.hears(story.again(shift));
            story.pass(Duration.ofMinutes(4));

            assertThat(story.events(WatchHeld.class)).hasSize(1);
            assertThat(story.current().state()).isInstanceOf(WatchState.Watching.class);
            assertThat(story.batches(shift.step())).hasSizeGreaterThan(batches);
            story.passUntil(WatchHeld.class, Duration.ofMinutes(2));
        }
    }

    @Test
    void shouldWatchOnWhenPeopleGoOnInSpiteOfACallBack() {
        try (WatchStory story = WatchStory.ofShop(22, Duration.ofMinutes(1))) {
            story.split(10, .3);
            story.hears(story.shift(10));
            story.passUntil(RollbackRequested.class, SOON);
            story.split(25, .3);
            story.hears(story.shift(25));

            story.passUntil(RollbackRequested.class, SOON);

            assertThat(story.events(RollbackRequested.class)).hasSize(2);
            assertThat(story.events(IncidentDetected.class)).hasSize(1);
            assertThat(story.count("incident")).isEqualTo(1);
        }
    }

    @Test
    void shouldComeToTheSameVerdictAfterSleepingThroughIt() {
        List<Check> awake;
        try (WatchStory story = WatchStory.ofShop(13, Duration.ofMinutes(2))) {
            story.split(10, .06);
            story.hears(story.shift(10));
            story.pass(Duration.ofMinutes(3));
            awake = withoutIds(story.checks());
        }
        try (WatchStory story = WatchStory.ofShop(13, Duration.ofMinutes(2))) {
            story.split(10, .06);
            story.hears(story.shift(10));
            story.pass(Duration.ofSeconds(5));
            story.judgeSleeps();
            story.pass(Duration.ofSeconds(170));
            story.judgeWakes();
            story.pass(Duration.ofSeconds(5));

            assertThat(withoutIds(story.checks())).isEqualTo(awake);
            assertThat(awake.getFirst().verdict()).isEqualTo("rollback");
        }
    }

    @Test
    void shouldComeToTheSameVerdictWhenTheEventIsLate() {
        List<Check> prompt;
        try (WatchStory story = WatchStory.ofShop(14, Duration.ofMinutes(2))) {
            story.split(10, .1);
            story.hears(story.shift(10));
            story.pass(Duration.ofMinutes(2));
            prompt = withoutIds(story.checks());
        }
        try (WatchStory story = WatchStory.ofShop(14, Duration.ofMinutes(2))) {
            story.split(10, .1);
            Instant shifted = story.clock.instant();
            story.pass(Duration.ofSeconds(100));
            story.hears(story.shift(10, "hold", shifted));
            story.pass(Duration.ofSeconds(20));

            assertThat(withoutIds(story.checks())).isEqualTo(prompt);
            assertThat(prompt.getFirst().verdict()).isEqualTo("rollback");
        }
    }

    @Test
    void shouldHoldOnceWhenTheTimeIsOver() {
        try (WatchStory story = WatchStory.ofShop(15, Duration.ofMinutes(1))) {
            story.split(0, 0);
            story.hears(story.shift(10));

            story.pass(Duration.ofMinutes(7));

            assertThat(only(story.events(WatchHeld.class)).reason())
                    .isEqualTo("the step's PT5M are over and no request has reached the candidate");
            assertThat(story.current().state()).isInstanceOf(WatchState.Held.class);
        }
    }

    @Test
    void shouldPromoteUnprovenWhereThatIsWanted() {
        try (WatchStory story = WatchStory.ofShop(16, Duration.ofMinutes(1))) {
            story.edge.traffic("v1", 5, 0);
            story.edge.traffic("v2", 0, 0);
            story.hears(story.shift(10, "promote", story.clock.instant()));
            story.pass(Duration.ofSeconds(30));
            story.edge.traffic("v2", 1, 0);
            story.pass(Duration.ofSeconds(10));
            story.edge.traffic("v2", 0, 0);

            story.passUntil(WatchStepPassed.class, MINUTES);

            assertThat(only(story.events(WatchStepPassed.class)).unproven()).isTrue();
            assertThat(story.events(WatchHeld.class)).isEmpty();
        }
    }

    @Test
    void shouldEndWithTheRelease() {
        try (WatchStory story = WatchStory.ofShop(17, Duration.ofMinutes(1))) {
            story.split(10, .5);
            story.hears(story.shift(10));
            story.hearsRollingBack();
            story.hearsFinished(story.release, "rolledBack", "v1");
            story.hears(story.shift(25));

            story.pass(Duration.ofMinutes(1));

            assertThat(story.count("outbox")).isZero();
            assertThat(story.current().state()).isInstanceOf(WatchState.Ended.class);
            assertThat(story.running()).contains("v1");
        }
    }

    @Test
    void shouldHoldWhenItKnowsNoWatchOfTheEnvironment() {
        try (WatchStory story = new WatchStory(18)) {
            story.hears(story.shift(10));

            story.pass(Duration.ofMinutes(1));

            assertThat(only(story.events(WatchHeld.class)).reason())
                    .isEqualTo("no watch of shop/production is known from the manifest sha256:never-seen");
        }
    }

    @Test
    void shouldHoldWhenTheManifestNoLongerSaysWhereToLook() {
        try (WatchStory story = WatchStory.ofShop(19, Duration.ofMinutes(1))) {
            story.split(10, .002);
            story.hears(story.shift(10));
            story.pass(Duration.ofSeconds(5));
            story.applyWithoutWatch();

            story.passUntil(WatchHeld.class, Duration.ofMinutes(1));

            assertThat(only(story.events(WatchHeld.class)).reason())
                    .contains("the current manifest doesn't say where the metrics of shop/production are");
        }
    }

    @Test
    void shouldForgetSamplesAfterTwoHours() {
        try (WatchStory story = WatchStory.ofShop(20, Duration.ofMinutes(1))) {
            story.clock.advance(Duration.ofMinutes(121));

            story.pass(Duration.ofSeconds(10));

            assertThat(story.count("sample")).isEqualTo(2);
        }
    }

    /// Checks without what numbers them and without the ids that each run makes up.
    private static List<Check> withoutIds(List<Check> checks) {
        return checks.stream()
                .map(check -> new Check(
                        0,
                        new UUID(0, 0),
                        check.at(),
                        check.verdict(),
                        check.reason(),
                        check.counts(),
                        check.logGated(),
                        check.logUngated(),
                        check.logPromote(),
                        check.phi()))
                .toList();
    }

    private static <T> T only(List<T> items) {
        assertThat(items).hasSize(1);
        return items.getFirst();
    }
}
