package dev.slipway.monitor.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.events.RollbackRequested;
import dev.slipway.events.TrafficShifted;
import dev.slipway.events.WatchHeld;
import dev.slipway.events.WatchStepPassed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What may go wrong with measuring: a source that is away, samples that are missed, a watch that sleeps.
class WatchMishapsTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration MINUTES = Duration.ofMinutes(5);

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
            assertThat(story.only(WatchHeld.class).reason()).contains("answered with status 503");
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
    void shouldForgetSamplesAfterTwoHours() {
        try (WatchStory story = WatchStory.ofShop(20, Duration.ofMinutes(1))) {
            story.clock.advance(Duration.ofMinutes(121));

            story.pass(Duration.ofSeconds(10));

            assertThat(story.count("sample")).isEqualTo(2);
        }
    }

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
}
