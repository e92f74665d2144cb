package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.plan.Step;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.release.Outcome;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.release.ReleaseState.Held;
import dev.slipway.deploy.release.ReleaseState.Settled;
import dev.slipway.deploy.target.FakeTarget;
import dev.slipway.events.ReleaseFinished;
import dev.slipway.events.ReleaseHeld;
import dev.slipway.events.ReleaseRollingBack;
import dev.slipway.events.ServiceRolledBack;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What does not end well: releases that break or are called back, and what is left behind then.
class WayBackTest {
    @AutoClose
    private final DeployStory story = new DeployStory().withV1();

    @Test
    void shouldBreakWhenTheBackupIsOlderThanMaintenance() {
        Release release = story.until("v2", StepKind.BACKUP);
        Step step = story.step(release.id(), StepKind.BACKUP);

        story.others.verified(step.id(), story.clock.instant().minusSeconds(60));
        story.work();

        Settled settled = (Settled) story.release(release.id()).state();
        assertThat(settled.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(settled.reason()).contains("would be missing");
        assertThat(story.router.calls).containsExactly("maintenance on", "maintenance off");
    }

    @Test
    void shouldCallABadBuildBackByItself() {
        Release release = story.until("v2", StepKind.TRAFFIC);

        story.others.callsBack(release.id());
        story.work();

        Release after = story.release(release.id());
        assertThat(after.state().phase()).isEqualTo("rolledBack");
        assertThat(story.router.calls)
                .containsExactly("maintenance on", "maintenance off", "{blue=90, green=10}", "{blue=100, green=0}");
        ReleaseRollingBack rollingBack = story.said(ReleaseRollingBack.class).getLast();
        assertThat(rollingBack.by()).isEqualTo("watch");
        assertThat(rollingBack.reason()).contains("20.1 %");
        assertThat(rollingBack.nextSteps()).containsExactly("traffic back to the release before");
        ServiceRolledBack rolledBack = story.said(ServiceRolledBack.class).getLast();
        assertThat(rolledBack.content().artifactId()).isEqualTo("pkg:generic/shop@v1");
        ReleaseFinished finished = story.said(ReleaseFinished.class).getLast();
        assertThat(finished.content().outcome()).isEqualTo("failure");
        assertThat(finished.customData().currentVersion()).isEqualTo("v1");
    }

    @Test
    void shouldCallABuildBackDuringTheStrictWatch() {
        Release release = story.started("v2");
        story.carryOn();

        story.others.callsBack(release.id());
        story.work();

        assertThat(story.release(release.id()).state().phase()).isEqualTo("rolledBack");
        assertThat(story.router.calls).last().isEqualTo("{blue=100, green=0}");
    }

    @Test
    void shouldDeployTheReleaseBeforeAgainWhereThereIsOneTarget() {
        story.smokeTests.fail("status 500");

        UUID id = story.push("v2");
        story.work();

        Settled settled = (Settled) story.release(id).state();
        assertThat(settled.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(settled.reason()).contains("create an order: status 500");
        assertThat(story.target.runningOn("shop/staging", "default")).contains("v1");
        assertThat(story.target.effects).last().isEqualTo("deploy shop/staging default v1");
    }

    @Test
    void shouldSwitchMaintenanceOffAfterAFailure() {
        Release release = story.until("v2", StepKind.BACKUP);
        story.target.next("deploy", FakeTarget.ended(1, "no space left"));

        story.carryOn();

        assertThat(story.release(release.id()).state().phase()).isEqualTo("failed");
        assertThat(story.router.calls).containsExactly("maintenance on", "maintenance off");
        assertThat(story.router.state().maintenance()).isFalse();
        assertThat(story.release(release.id()).downtime()).isNotNull();
    }

    @Test
    void shouldHoldWhenTheSchemaDoesNotFitTheReleaseBefore() {
        DeployStory incompatible = story.another(ShopManifest.shop(false)).withV1();
        Release release = incompatible.until("v2", StepKind.TRAFFIC);

        incompatible.others.callsBack(release.id());
        incompatible.work();

        Held held = (Held) incompatible.release(release.id()).state();
        assertThat(held.reason()).contains("20.1 %", "schema");
        ReleaseHeld told = incompatible.said(ReleaseHeld.class).getLast();
        assertThat(told.choices()).containsExactly("continue", "rollback", "abandon");
        assertThat(incompatible.router.calls).last().isEqualTo("{blue=90, green=10}");
    }

    @Test
    void shouldUndoByItselfWhenTheIncompatibleMigrationChangedNothing() {
        DeployStory incompatible = story.another(ShopManifest.shop(false)).withV1();
        Release release = incompatible.until("v2", StepKind.BACKUP);
        incompatible.target.next("migrate", FakeTarget.ended(1, "lock timeout"));

        incompatible.carryOn();

        assertThat(incompatible.release(release.id()).state().phase()).isEqualTo("failed");
        assertThat(incompatible.router.state().maintenance()).isFalse();
    }

    @Test
    void shouldRefuseASchemaThatIsNotStagings() {
        Release release = story.until("v2", StepKind.BACKUP);
        story.target.migratesTo = "3";

        story.carryOn();

        Settled settled = (Settled) story.release(release.id()).state();
        assertThat(settled.reason()).contains("schema is at 3, not at 2");
    }

    @Test
    void shouldSayThatAFirstReleaseHasNothingToGoBackTo() {
        DeployStory fresh = story.another(ShopManifest.shop());
        Release release = fresh.started("v1");
        fresh.carryOn();

        fresh.others.callsBack(release.id());
        fresh.work();

        Settled settled = (Settled) fresh.release(release.id()).state();
        assertThat(settled.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(settled.reason()).contains("no release before");
        assertThat(fresh.said(ReleaseFinished.class).getLast().customData().currentVersion())
                .isNull();
    }
}
