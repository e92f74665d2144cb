package dev.slipway.monitor.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.events.IncidentDetected;
import dev.slipway.events.RollbackRequested;
import dev.slipway.events.TrafficShifted;
import dev.slipway.events.WatchFinished;
import dev.slipway.events.WatchHeld;
import dev.slipway.events.WatchStepPassed;
import java.time.Duration;
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

            RollbackRequested asked = story.only(RollbackRequested.class);
            assertThat(took).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(25));
            assertThat(asked.after()).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(25));
            assertThat(asked.step()).isEqualTo(shift.step());
            assertThat(asked.signal()).isEqualTo("errors");
            assertThat(asked.logEvidence()).isGreaterThan(asked.bound());
            assertThat(asked.reason()).startsWith("the candidate fails more: ");
            IncidentDetected incident = story.only(IncidentDetected.class);
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

            assertThat(story.only(WatchHeld.class).reason()).contains("by less than the 2.5 points");
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

            assertThat(story.only(RollbackRequested.class).counts().baselineRequests())
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
}
