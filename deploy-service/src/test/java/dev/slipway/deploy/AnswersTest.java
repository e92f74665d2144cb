package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.plan.Direction;
import dev.slipway.deploy.plan.Step;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.plan.StepState;
import dev.slipway.deploy.release.Outcome;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.release.ReleaseSignal.Pause;
import dev.slipway.deploy.release.ReleaseSignal.Resume;
import dev.slipway.deploy.release.ReleaseState.Held;
import dev.slipway.deploy.release.ReleaseState.Settled;
import dev.slipway.events.ReleaseHeld;
import dev.slipway.events.TrafficShifted;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Answers of other services that come late, twice, for somebody else, or never.
class AnswersTest {
    @AutoClose
    private final DeployStory story = new DeployStory().withV1();

    @Test
    void shouldIgnoreAVerdictThatComesTwice() {
        Release release = story.until("v2", StepKind.TRAFFIC);
        TrafficShifted first = story.said(TrafficShifted.class).getLast();
        story.others.passed(first);
        story.work();

        story.others.passed(first);
        story.work();

        assertThat(story.said(TrafficShifted.class)).hasSize(2);
        assertThat(story.ignored(release.id())).contains("WatchStepPassed: the step is done");
    }

    @Test
    void shouldIgnoreAVerdictAboutAStepOfNobody() {
        Release release = story.until("v2", StepKind.TRAFFIC);

        story.others.watchEnds(release.id(), UUID.randomUUID());

        assertThat(story.ignored(release.id())).contains("WatchFinished: the release has no such step");
    }

    @Test
    void shouldIgnoreWordAboutAReleaseOfNobody() {
        story.others.callsBack(UUID.randomUUID());
        story.others.delivered(UUID.randomUUID());
        story.others.verified(UUID.randomUUID());

        assertThat(story.said()).isEmpty();
    }

    @Test
    void shouldIgnoreACallBackOfACompletedRelease() {
        Release release = story.started("v2");
        story.carryOn();
        story.others.watchEnds(
                release.id(), story.said(TrafficShifted.class).getLast().step());
        story.work();

        story.others.callsBack(release.id());
        story.work();

        assertThat(story.release(release.id()).state().phase()).isEqualTo("completed");
        assertThat(story.ignored(release.id())).contains("CalledBack: is completed");
    }

    @Test
    void shouldIgnoreABackupThatComesAfterItsStepIsOver() {
        Release release = story.until("v2", StepKind.TRAFFIC);
        Step backup = story.step(release.id(), StepKind.BACKUP);

        story.others.verified(backup.id());

        assertThat(story.ignored(release.id())).contains("BackupVerified: the step has its answer");
    }

    @Test
    void shouldHoldWhenTheWatchCanTellNeitherWay() {
        Release release = story.until("v2", StepKind.TRAFFIC);

        story.others.watchHolds(story.said(TrafficShifted.class).getLast());
        story.work();

        Held held = (Held) story.release(release.id()).state();
        assertThat(held.reason()).isEqualTo("too few requests");
        ReleaseHeld told = story.said(ReleaseHeld.class).getLast();
        assertThat(told.choices()).contains("retry", "continue", "rollback");
        assertThat(told.deadline()).isEqualTo(held.deadline());
    }

    @Test
    void shouldGoOnWhenTheEvidenceComesAfterAll() {
        Release release = story.until("v2", StepKind.TRAFFIC);
        TrafficShifted shifted = story.said(TrafficShifted.class).getLast();
        story.others.watchHolds(shifted);
        story.work();

        story.advance(Duration.ofMinutes(30));
        story.others.passed(shifted);
        story.work();

        assertThat(story.release(release.id()).state().phase()).isEqualTo("running");
        assertThat(story.said(TrafficShifted.class))
                .extracting(TrafficShifted::percent)
                .containsExactly(10, 50);
    }

    @Test
    void shouldHoldTheStrictWatchWhenItIsHeldUnderItsTrafficStep() {
        Release release = story.started("v2");
        story.carryOn();
        TrafficShifted all = story.said(TrafficShifted.class).getLast();

        story.others.watchHolds(all);
        Held held = (Held) story.release(release.id()).state();
        story.others.watchEnds(release.id(), all.step());
        story.work();

        assertThat(held.step())
                .isEqualTo(story.step(release.id(), StepKind.WATCH).id());
        assertThat(story.release(release.id()).state().phase()).isEqualTo("completed");
    }

    @Test
    void shouldAskAPersonWhenTheWatchIsSilent() {
        Release release = story.until("v2", StepKind.TRAFFIC);

        story.advance(Duration.ofMinutes(7));
        assertThat(story.release(release.id()).state().phase()).isEqualTo("running");
        story.advance(Duration.ofMinutes(1));

        Held held = (Held) story.release(release.id()).state();
        assertThat(held.reason()).contains("waits for the watch");
    }

    @Test
    void shouldStillTakeTheVerdictOfAWatchThatWasSilent() {
        Release release = story.until("v2", StepKind.TRAFFIC);
        story.advance(Duration.ofMinutes(7));
        story.advance(Duration.ofMinutes(1));

        story.others.passed(story.said(TrafficShifted.class).getLast());
        story.work();

        assertThat(story.release(release.id()).state().phase()).isEqualTo("running");
        assertThat(story.said(TrafficShifted.class)).hasSize(2);
    }

    @Test
    void shouldWaitALittleForAnAnswerThatCameWhileTheServiceWasAway() {
        Release release = story.until("v2", StepKind.BACKUP);
        Step backup = story.step(release.id(), StepKind.BACKUP);
        // nothing ran for an hour; the answer lies in the broker
        story.advance(Duration.ofHours(1));

        story.others.verified(backup.id(), backup.startedAt());
        story.work();

        assertThat(story.step(release.id(), StepKind.BACKUP).state()).isEqualTo(StepState.DONE);
    }

    @Test
    void shouldFailWhenTheBackupIsNeverAnswered() {
        Release release = story.until("v2", StepKind.BACKUP);

        story.advance(Duration.ofMinutes(5));
        story.advance(Duration.ofMinutes(1));

        Settled settled = (Settled) story.release(release.id()).state();
        assertThat(settled.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(settled.reason()).contains("waits for a proved backup");
        assertThat(story.router.state().maintenance()).isFalse();
    }

    @Test
    void shouldTryAgainWhileTheRouterIsAway() {
        Release release = story.until("v2", StepKind.ANNOUNCE);
        story.router.fail(true);
        story.others.answer();
        story.work();
        story.advance(Duration.ofSeconds(10));

        story.router.recover();
        story.advance(Duration.ofSeconds(15));
        story.carryOn();

        Step on = story.step(release.id(), StepKind.MAINTENANCE_ON);
        assertThat(on.state()).isEqualTo(StepState.DONE);
        assertThat(on.attempts()).isGreaterThan(1);
        assertThat(story.release(release.id()).state().phase()).isEqualTo("watching");
    }

    @Test
    void shouldEndTryingAgain() {
        Release release = story.until("v2", StepKind.ANNOUNCE);
        story.router.fail(true);
        story.others.answer();
        story.work();

        for (int i = 0; i < 15; i++) {
            story.advance(Duration.ofSeconds(15));
        }

        List<Step> forward = story.plan(release.id(), Direction.FORWARD);
        assertThat(forward.get(1).state()).isEqualTo(StepState.BROKEN);
        assertThat(forward.get(2).state()).isEqualTo(StepState.SKIPPED);
    }

    @Test
    void shouldGiveAStepThatStoodStillItsTimeBack() {
        Release release = story.until("v2", StepKind.TRAFFIC);
        TrafficShifted shifted = story.said(TrafficShifted.class).getLast();
        story.send(release.id(), new Pause("mara", "lunch"));
        story.advance(Duration.ofHours(2));

        story.send(release.id(), new Resume("mara"));
        story.advance(Duration.ofMinutes(3));
        story.others.passed(shifted);
        story.work();

        assertThat(story.release(release.id()).state().phase()).isEqualTo("running");
        assertThat(story.said(TrafficShifted.class)).hasSize(2);
    }
}
