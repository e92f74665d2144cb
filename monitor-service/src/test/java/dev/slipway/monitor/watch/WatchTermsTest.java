package dev.slipway.monitor.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.events.IncidentDetected;
import dev.slipway.events.RollbackRequested;
import dev.slipway.events.TrafficShifted;
import dev.slipway.events.WatchHeld;
import dev.slipway.events.WatchStepPassed;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What people and the release want of a watch, and the time it has.
class WatchTermsTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration MINUTES = Duration.ofMinutes(5);

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
    void shouldHoldOnceWhenTheTimeIsOver() {
        try (WatchStory story = WatchStory.ofShop(15, Duration.ofMinutes(1))) {
            story.split(0, 0);
            story.hears(story.shift(10));

            story.pass(Duration.ofMinutes(7));

            assertThat(story.only(WatchHeld.class).reason())
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

            assertThat(story.only(WatchStepPassed.class).unproven()).isTrue();
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

            assertThat(story.only(WatchHeld.class).reason())
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

            assertThat(story.only(WatchHeld.class).reason())
                    .contains("the current manifest doesn't say where the metrics of shop/production are");
        }
    }
}
