package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.plan.Direction;
import dev.slipway.deploy.plan.Step;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.plan.StepState;
import dev.slipway.deploy.release.Outcome;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.release.ReleaseState.Held;
import dev.slipway.deploy.release.ReleaseState.Settled;
import dev.slipway.deploy.target.FakeTarget;
import dev.slipway.events.BackupRequested;
import dev.slipway.events.EventData;
import dev.slipway.events.ReleaseFinished;
import dev.slipway.events.ReleaseHeld;
import dev.slipway.events.ReleaseRollingBack;
import dev.slipway.events.ReleaseStarted;
import dev.slipway.events.ServiceRolledBack;
import dev.slipway.events.ServiceUpgraded;
import dev.slipway.events.TrafficShifted;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A release from its candidate to its end, with everybody else played by the test.
class ReleaseWalkTest {
    @AutoClose
    private final DeployStory story = new DeployStory().withV1();

    @Test
    void shouldBringABuildToProductionStepByStep() {
        Release release = story.started("v2");

        story.carryOn();
        assertThat(story.release(release.id()).state().phase()).isEqualTo("watching");
        story.advance(ShopManifest.STRICT);
        story.watchEnds(release.id(), traffic(release.id(), 100).id());
        story.work();

        assertThat(story.release(release.id()).state()).isInstanceOf(Settled.class);
        assertThat(story.release(release.id()).state().phase()).isEqualTo("completed");
        assertThat(story.router.calls)
                .containsExactly(
                        "maintenance on",
                        "maintenance off",
                        "{blue=90, green=10}",
                        "{blue=50, green=50}",
                        "{blue=0, green=100}");
        assertThat(story.target.effects)
                .containsExactly(
                        "migrate shop/staging",
                        "deploy shop/staging default v2",
                        "migrate shop/production",
                        "deploy shop/production green v2");
        assertThat(story.smokeTests.runs).containsExactly("orders http://staging", "orders http://green");
    }

    @Test
    void shouldTellTheWholeWayInOrder() {
        Release release = story.started("v2");

        story.carryOn();
        story.watchEnds(release.id(), traffic(release.id(), 100).id());
        story.work();

        List<String> told = story.said().stream()
                .map(event -> event.getClass().getSimpleName())
                .dropWhile(name -> !name.equals("ServiceUpgraded"))
                .toList();
        assertThat(told)
                .containsExactly(
                        // staging ends
                        "ServiceUpgraded",
                        "ReleaseFinished",
                        // the gates of production answer
                        "ReleaseQueued",
                        "ReleaseGated",
                        "ReleaseGated",
                        "ApprovalGiven",
                        "ApprovalGiven",
                        "BackupRequested",
                        "ReleaseGated",
                        "ReleaseGated",
                        // the plan
                        "ReleaseStarted",
                        "NoticeRequested",
                        "StepFinished",
                        "MaintenanceSwitched",
                        "StepFinished",
                        "BackupRequested",
                        "StepFinished",
                        "StepFinished",
                        "StepFinished",
                        "ServiceDeployed",
                        "StepFinished",
                        "SmokeTestsStarted",
                        "SmokeTestsFinished",
                        "StepFinished",
                        "MaintenanceSwitched",
                        "StepFinished",
                        "TrafficShifted",
                        "StepFinished",
                        "TrafficShifted",
                        "StepFinished",
                        "TrafficShifted",
                        "StepFinished",
                        "StepFinished",
                        "ServiceUpgraded",
                        "ReleaseFinished");
    }

    @Test
    void shouldStoreThePlanBeforeAnythingIsAsked() {
        UUID id = story.push("v2");

        assertThat(story.plan(id, Direction.FORWARD))
                .extracting(Step::kind)
                .containsExactly(StepKind.MIGRATE, StepKind.VERIFY_SCHEMA, StepKind.DEPLOY, StepKind.SMOKE);
        assertThat(story.plan(id, Direction.FORWARD)).extracting(Step::state).containsOnly(StepState.PENDING);
        assertThat(story.said()).noneMatch(event -> event instanceof ReleaseStarted);
    }

    @Test
    void shouldMeasureTheDowntimeFromOnToOff() {
        Release release = story.until("v2", StepKind.BACKUP);
        story.advance(Duration.ofSeconds(40));

        story.carryOn();

        Release after = story.release(release.id());
        assertThat(after.downtime()).isBetween(Duration.ofSeconds(40), Duration.ofSeconds(45));
        assertThat(after.maintenanceSince()).isNull();
    }

    @Test
    void shouldAskForABackupThatMissesNothingWrittenBeforeMaintenance() {
        Release release = story.until("v2", StepKind.BACKUP);

        BackupRequested request = story.said(BackupRequested.class).getLast();

        assertThat(request.requestId())
                .isEqualTo(story.step(release.id(), StepKind.BACKUP).id());
        assertThat(request.notBefore()).isEqualTo(story.release(release.id()).maintenanceSince());
    }

    @Test
    void shouldBreakWhenTheBackupIsOlderThanMaintenance() {
        Release release = story.until("v2", StepKind.BACKUP);
        Step step = story.step(release.id(), StepKind.BACKUP);

        story.verified(step.id(), story.clock.instant().minusSeconds(60));
        story.work();

        Settled settled = (Settled) story.release(release.id()).state();
        assertThat(settled.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(settled.reason()).contains("would be missing");
        assertThat(story.router.calls).containsExactly("maintenance on", "maintenance off");
    }

    @Test
    void shouldCallABadBuildBackByItself() {
        Release release = story.until("v2", StepKind.TRAFFIC);

        story.callsBack(release.id());
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

        story.callsBack(release.id());
        story.work();

        assertThat(story.release(release.id()).state().phase()).isEqualTo("rolledBack");
        assertThat(story.router.calls).last().isEqualTo("{blue=100, green=0}");
    }

    @Test
    void shouldReleaseTheNextBuildAfterOneWasCalledBack() {
        Release bad = story.until("v2", StepKind.TRAFFIC);
        story.callsBack(bad.id());
        story.work();

        Release good = story.started("v3");
        story.carryOn();
        story.watchEnds(good.id(), traffic(good.id(), 100).id());
        story.work();

        assertThat(story.release(good.id()).state().phase()).isEqualTo("completed");
        assertThat(story.release(good.id()).number()).isEqualTo(3);
        assertThat(story.release(bad.id()).number()).isEqualTo(2);
        assertThat(story.said(ServiceUpgraded.class).getLast().customData().target())
                .isEqualTo("green");
    }

    @Test
    void shouldDeployToTheOtherColourNextTime() {
        complete("v2");

        Release next = story.started("v3");

        assertThat(next.target()).isEqualTo("blue");
    }

    @Test
    void shouldSayWhatTheWatchComparesWith() {
        Release release = story.until("v2", StepKind.TRAFFIC);

        TrafficShifted first = story.said(TrafficShifted.class).getFirst();
        story.carryOn();
        TrafficShifted last = story.said(TrafficShifted.class).getLast();

        assertThat(first.percent()).isEqualTo(10);
        assertThat(first.weights()).containsEntry("green", 10).containsEntry("blue", 90);
        assertThat(first.candidate()).isEqualTo(new TrafficShifted.Side("v2", "green"));
        assertThat(first.baseline()).isEqualTo(new TrafficShifted.Side("v1", "blue"));
        assertThat(first.strict()).isNull();
        assertThat(last.percent()).isEqualTo(100);
        assertThat(last.baseline()).isNull();
        assertThat(last.strict()).isEqualTo(ShopManifest.STRICT);
        assertThat(last.release().id()).isEqualTo(release.id());
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

        incompatible.callsBack(release.id());
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
        story.watchEnds(first.id(), traffic(first.id(), 100).id());
        story.work();
        story.verified(story.said(BackupRequested.class).getLast().requestId());
        story.work();

        assertThat(story.release(first.id()).state().phase()).isEqualTo("completed");
        assertThat(story.release(second.id()).state().phase()).isEqualTo("running");
        assertThat(story.release(second.id()).number()).isEqualTo(3);
    }

    @Test
    void shouldPutAllTrafficOnAFirstReleaseAtOnce() {
        DeployStory fresh = story.another(ShopManifest.shop());
        Release release = fresh.started("v1");

        fresh.carryOn();

        assertThat(fresh.router.calls).last().isEqualTo("{blue=100, green=0}");
        assertThat(fresh.said(TrafficShifted.class))
                .extracting(TrafficShifted::percent)
                .containsExactly(100);
        assertThat(fresh.release(release.id()).state().phase()).isEqualTo("watching");
    }

    @Test
    void shouldSayThatAFirstReleaseHasNothingToGoBackTo() {
        DeployStory fresh = story.another(ShopManifest.shop());
        Release release = fresh.started("v1");
        fresh.carryOn();

        fresh.callsBack(release.id());
        fresh.work();

        Settled settled = (Settled) fresh.release(release.id()).state();
        assertThat(settled.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(settled.reason()).contains("no release before");
        assertThat(fresh.said(ReleaseFinished.class).getLast().customData().currentVersion())
                .isNull();
    }

    @Test
    void shouldPromoteWithTheSameCandidateAsItsChain() {
        Release production = story.soaked("v2");

        Release staging = story.release("staging", "v2");

        assertThat(production.candidate()).isEqualTo(staging.candidate());
        assertThat(production.artifact()).isEqualTo(staging.artifact());
        List<String> chains =
                story.jdbi.withHandle(handle -> handle.createQuery("select distinct cast(chain_id as text) from outbox")
                        .mapTo(String.class)
                        .list());
        assertThat(chains).containsExactly(production.candidate().toString());
    }

    private void complete(String version) {
        Release release = story.started(version);
        story.carryOn();
        story.watchEnds(release.id(), traffic(release.id(), 100).id());
        story.work();
        EventData last = story.said().getLast();
        assertThat(last).isInstanceOf(ReleaseFinished.class);
    }

    private Step traffic(UUID release, int percent) {
        return story.plan(release, Direction.FORWARD).stream()
                .filter(step -> step.percent() != null && step.percent() == percent)
                .findFirst()
                .orElseThrow();
    }
}
