package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.plan.Direction;
import dev.slipway.deploy.plan.Step;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.plan.StepState;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.release.ReleaseState.Settled;
import dev.slipway.events.BackupRequested;
import dev.slipway.events.ReleaseStarted;
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
        story.endWatch(release.id());

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
        story.endWatch(release.id());

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
}
