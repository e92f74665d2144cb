package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.plan.Direction;
import dev.slipway.deploy.plan.Step;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.plan.StepState;
import dev.slipway.deploy.release.Choice;
import dev.slipway.deploy.release.Decision;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.release.ReleaseSignal.Cancel;
import dev.slipway.deploy.release.ReleaseSignal.Choose;
import dev.slipway.deploy.release.ReleaseSignal.Pause;
import dev.slipway.deploy.release.ReleaseSignal.Resume;
import dev.slipway.deploy.release.ReleaseSignal.Rollback;
import dev.slipway.deploy.release.ReleaseState.Held;
import dev.slipway.deploy.target.FakeTarget;
import dev.slipway.events.ReleaseFinished;
import dev.slipway.events.ReleaseHeld;
import dev.slipway.events.TrafficShifted;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Cancel, pause, roll back, choose: whenever somebody asks, it is answered and nothing gets stuck.
class WishesTest {
    @AutoClose
    private final DeployStory story = new DeployStory().withV1();

    @Test
    void shouldCancelBeforeTheStartWithoutTouchingAnything() {
        Release release = story.soaked("v2");

        story.send(release.id(), new Cancel("mara", "not this week"));

        assertThat(story.release(release.id()).state().phase()).isEqualTo("cancelled");
        assertThat(story.router.calls).isEmpty();
        ReleaseFinished finished = story.said(ReleaseFinished.class).stream()
                .filter(event -> event.customData().release().id().equals(release.id()))
                .findFirst()
                .orElseThrow();
        assertThat(finished.content().outcome()).isEqualTo("cancel");
        assertThat(finished.customData().currentVersion()).isEqualTo("v1");
    }

    @ParameterizedTest
    @EnumSource(
            value = StepKind.class,
            names = {"ANNOUNCE", "MAINTENANCE_ON", "BACKUP", "DEPLOY", "SMOKE", "MAINTENANCE_OFF", "TRAFFIC", "WATCH"})
    void shouldCancelWhileAStepIsAtWork(StepKind kind) {
        Release release = story.started("v2");
        duringStep(release.id(), kind, () -> story.send(release.id(), new Cancel("mara", "wrong build")));

        story.carryOn();

        assertThat(story.release(release.id()).state().phase()).isEqualTo("cancelled");
        assertThat(story.router.state().maintenance()).isFalse();
        assertThat(story.router.state().weights()).containsEntry("blue", 100);
        assertThat(story.plan(release.id(), Direction.FORWARD))
                .allMatch(step -> step.state().over());
        assertFree("production");
    }

    @ParameterizedTest
    @EnumSource(
            value = StepKind.class,
            names = {"ANNOUNCE", "BACKUP", "DEPLOY", "TRAFFIC", "WATCH"})
    void shouldPauseWhileAStepIsAtWorkAndGoOnAfterwards(StepKind kind) {
        Release release = story.started("v2");
        duringStep(release.id(), kind, () -> story.send(release.id(), new Pause("mara", "looks odd")));
        story.carryOn();
        assertThat(story.release(release.id()).state().phase()).isEqualTo("paused");
        long done = done(release.id());
        story.advance(Duration.ofHours(3));
        assertThat(done(release.id())).isEqualTo(done);

        story.send(release.id(), new Resume("mara"));
        story.work();
        story.carryOn();

        assertThat(story.release(release.id()).state().phase()).isEqualTo("watching");
    }

    @Test
    void shouldPauseBeforeTheStart() {
        Release release = story.soaked("v2");

        story.send(release.id(), new Pause("mara", "a freeze"));
        story.approve(release.id(), "technical-lead", "mara");
        story.approve(release.id(), "business", "tomas");
        story.work();
        assertThat(story.release(release.id()).state().phase()).isEqualTo("paused");
        story.send(release.id(), new Resume("mara"));
        story.work();

        assertThat(story.release(release.id()).state().phase()).isEqualTo("gated");
    }

    @Test
    void shouldAskAPersonWhenAPauseLastsTooLong() {
        Release release = story.until("v2", StepKind.TRAFFIC);
        story.send(release.id(), new Pause("mara", "lunch"));
        story.work();

        story.advance(Duration.ofHours(24));

        Held held = (Held) story.release(release.id()).state();
        assertThat(held.reason()).contains("paused since");
        assertThat(story.said(ReleaseHeld.class)).hasSize(1);
    }

    @Test
    void shouldRollBackWhenNobodyChooses() {
        Release release = story.until("v2", StepKind.TRAFFIC);
        story.others.watchHolds(story.said(TrafficShifted.class).getLast());
        story.work();
        assertThat(story.release(release.id()).state()).isInstanceOf(Held.class);

        story.advance(Duration.ofHours(4));

        assertThat(story.release(release.id()).state().phase()).isEqualTo("rolledBack");
    }

    @Test
    void shouldShiftFurtherWhenAPersonContinuesAHeldRelease() {
        Release release = story.until("v2", StepKind.TRAFFIC);
        story.others.watchHolds(story.said(TrafficShifted.class).getLast());

        story.send(release.id(), new Choose(Choice.CONTINUE, "mara", "there is little traffic at night"));
        story.work();

        assertThat(story.said(TrafficShifted.class))
                .extracting(TrafficShifted::percent)
                .containsExactly(10, 50);
        Step first = story.step(release.id(), StepKind.TRAFFIC);
        assertThat(first.state()).isEqualTo(StepState.DONE);
        assertThat(first.evidence()).contains("too few requests", "continued by mara");
    }

    @Test
    void shouldShiftToAHeldStepAgainWhenAPersonRetriesIt() {
        Release release = story.until("v2", StepKind.TRAFFIC);
        TrafficShifted first = story.said(TrafficShifted.class).getLast();
        story.others.watchHolds(first);

        story.advance(Duration.ofMinutes(5));
        story.send(release.id(), new Choose(Choice.RETRY, "mara", "customers are back from lunch"));
        story.work();

        TrafficShifted again = story.said(TrafficShifted.class).getLast();
        assertThat(again.step()).isEqualTo(first.step());
        assertThat(again.percent()).isEqualTo(first.percent());
        assertThat(again.effectiveAt()).as("the watch takes it for news").isAfter(first.effectiveAt());
        assertThat(story.release(release.id()).state().phase()).isEqualTo("running");
    }

    @Test
    void shouldNotOfferToRetryTheStrictWatch() {
        Release release = story.until("v2", StepKind.WATCH);

        story.others.watchHolds(story.said(TrafficShifted.class).getLast());

        Held held = (Held) story.release(release.id()).state();
        assertThat(held.choices()).containsExactly(Choice.CONTINUE, Choice.ROLLBACK, Choice.ABANDON);
    }

    @Test
    void shouldAskBeforeUndoingWhatTheSchemaDoesNotFit() {
        DeployStory incompatible = story.another(ShopManifest.shop(false)).withV1();
        Release release = incompatible.until("v2", StepKind.TRAFFIC);

        incompatible.send(release.id(), new Rollback("mara", "orders look wrong"));
        assertThat(incompatible.release(release.id()).state()).isInstanceOf(Held.class);
        incompatible.send(release.id(), new Rollback("mara", "v1 copes, I looked"));
        incompatible.work();

        assertThat(incompatible.release(release.id()).state().phase()).isEqualTo("rolledBack");
        assertThat(incompatible.router.state().weights()).containsEntry("blue", 100);
    }

    @Test
    void shouldLeaveThingsAsTheyAreWhenAbandoned() {
        DeployStory incompatible = story.another(ShopManifest.shop(false)).withV1();
        Release release = incompatible.until("v2", StepKind.BACKUP);
        incompatible.target.next("deploy", FakeTarget.ended(1, "no space left"));
        incompatible.carryOn();
        assertThat(incompatible.release(release.id()).state()).isInstanceOf(Held.class);

        incompatible.send(release.id(), new Choose(Choice.ABANDON, "mara", "fixing forward"));
        incompatible.work();

        assertThat(incompatible.release(release.id()).state().phase()).isEqualTo("failed");
        assertThat(incompatible.router.state().maintenance()).isFalse();
    }

    @Test
    void shouldHoldWhenItCannotBeUndone() {
        Release release = story.until("v2", StepKind.TRAFFIC);
        story.router.fail(true);

        story.send(release.id(), new Rollback("mara", "looks bad"));
        for (int minutes = 0; minutes < 12; minutes++) {
            story.advance(Duration.ofMinutes(1));
        }

        Held held = (Held) story.release(release.id()).state();
        assertThat(held.choices()).containsExactly(Choice.RETRY, Choice.ABANDON);
        assertThat(held.reason()).contains("connection refused");
    }

    @Test
    void shouldFinishUndoingWhenTheRouterIsBackAndAPersonRetries() {
        Release release = story.until("v2", StepKind.TRAFFIC);
        story.router.fail(false);
        story.send(release.id(), new Rollback("mara", "looks bad"));
        story.work();
        story.router.recover();

        story.send(release.id(), new Choose(Choice.RETRY, "mara", "it is back"));
        story.work();

        assertThat(story.release(release.id()).state().phase()).isEqualTo("rolledBack");
        assertThat(story.router.state().weights()).containsEntry("blue", 100);
    }

    @Test
    void shouldAnswerASecondCancelAsDone() {
        Release release = story.soaked("v2");
        story.send(release.id(), new Cancel("mara", "not this week"));

        Decision again = story.send(release.id(), new Cancel("mara", "not this week"));

        assertThat(again).isInstanceOf(Decision.Ignore.class);
    }

    @Test
    void shouldLetADyingDeploymentEndBeforeItIsUndone() {
        UUID id = story.push("v2");
        story.steps.killAfter(StepKind.DEPLOY);
        story.workAndDie();

        story.send(id, new Cancel("mara", "wrong build"));
        story.work();

        assertThat(story.target.effects)
                .containsSubsequence("deploy shop/staging default v2", "deploy shop/staging default v1");
        assertThat(story.step(id, StepKind.DEPLOY).state()).isEqualTo(StepState.DONE);
        assertThat(story.release(id).state().phase()).isEqualTo("cancelled");
        assertFree("staging");
    }

    @Test
    void shouldLapseWhenItsGatesNeverOpen() {
        Release release = story.soaked("v2");

        story.advance(Duration.ofDays(8));

        assertThat(story.release(release.id()).state().phase()).isEqualTo("cancelled");
    }

    private void duringStep(UUID release, StepKind kind, Runnable what) {
        story.steps.during(kind, what);
        for (int turns = 0; turns < 20 && story.steps.waitsToHappen(); turns++) {
            story.others.answer();
            story.advance(Duration.ofSeconds(1));
        }
        assertThat(story.step(release, kind).startedAt()).isNotNull();
    }

    private long done(UUID release) {
        List<Step> plan = story.plan(release, Direction.FORWARD);
        return plan.stream().filter(step -> step.state() == StepState.DONE).count();
    }

    private void assertFree(String environment) {
        assertThat(story.jdbi
                        .withHandle(tx -> story.beans.environments.find(tx, "shop", environment))
                        .running())
                .isNull();
    }
}
