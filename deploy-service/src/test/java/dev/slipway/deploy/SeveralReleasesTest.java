package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.release.Release;
import dev.slipway.events.BackupRequested;
import dev.slipway.events.EventData;
import dev.slipway.events.ReleaseFinished;
import dev.slipway.events.ServiceUpgraded;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Releases after and beside one another in one environment.
class SeveralReleasesTest {
    @AutoClose
    private final DeployStory story = new DeployStory().withV1();

    @Test
    void shouldReleaseTheNextBuildAfterOneWasCalledBack() {
        Release bad = story.until("v2", StepKind.TRAFFIC);
        story.others.callsBack(bad.id());
        story.work();

        Release good = story.started("v3");
        story.carryOn();
        story.endWatch(good.id());

        assertThat(story.release(good.id()).state().phase()).isEqualTo("completed");
        assertThat(story.release(good.id()).number()).isEqualTo(3);
        assertThat(story.release(bad.id()).number()).isEqualTo(2);
        assertThat(story.said(ServiceUpgraded.class).getLast().customData().target())
                .isEqualTo("green");
    }

    @Test
    void shouldLetANewerBuildTakeThePlaceOfAWaitingOne() {
        Release waiting = story.soaked("v2");

        Release newer = story.soaked("v3");

        assertThat(story.release(waiting.id()).state().phase()).isEqualTo("superseded");
        assertThat(newer.state().phase()).isEqualTo("gated");
    }

    @Test
    void shouldNotSupersedeWhatHasStarted() {
        Release running = story.started("v2");

        story.soaked("v3");

        assertThat(story.release(running.id()).state().phase()).isEqualTo("running");
    }

    @Test
    void shouldReleaseOneAtATimeIntoAnEnvironment() {
        Release first = story.started("v2");
        Release second = story.soaked("v3");
        story.approve(second.id(), "technical-lead", "mara");
        story.approve(second.id(), "business", "tomas");
        story.work();
        assertThat(story.release(second.id()).state().phase()).isEqualTo("gated");

        story.carryOn();
        story.endWatch(first.id());
        story.others.verified(story.said(BackupRequested.class).getLast().requestId());
        story.work();

        assertThat(story.release(first.id()).state().phase()).isEqualTo("completed");
        assertThat(story.release(second.id()).state().phase()).isEqualTo("running");
        assertThat(story.release(second.id()).number()).isEqualTo(3);
    }

    @Test
    void shouldDeployToTheOtherColourNextTime() {
        complete("v2");

        Release next = story.started("v3");

        assertThat(next.target()).isEqualTo("blue");
    }

    private void complete(String version) {
        Release release = story.started(version);
        story.carryOn();
        story.endWatch(release.id());
        EventData last = story.said().getLast();
        assertThat(last).isInstanceOf(ReleaseFinished.class);
    }
}
