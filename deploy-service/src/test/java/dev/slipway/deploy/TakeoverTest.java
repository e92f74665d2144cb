package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.plan.Direction;
import dev.slipway.deploy.plan.Step;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.plan.StepState;
import dev.slipway.deploy.release.Choice;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.release.ReleaseSignal.Choose;
import dev.slipway.deploy.release.ReleaseState.Held;
import dev.slipway.deploy.target.TargetRun;
import dev.slipway.events.BackupRequested;
import dev.slipway.events.NoticeRequested;
import dev.slipway.events.TrafficShifted;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The process dies after a step had its effect outside and before that is written down.
class TakeoverTest {
    @AutoClose
    private final DeployStory story = new DeployStory().withV1();

    @ParameterizedTest
    @EnumSource(
            value = StepKind.class,
            names = {"TRAFFIC_BACK", "REDEPLOY"},
            mode = EnumSource.Mode.EXCLUDE)
    void shouldEndInACompletedReleaseWhicheverStepItDiedIn(StepKind kind) {
        Release release = story.soaked("v2");
        story.steps.killAfter(kind);

        carryOnThroughOneDeath(release.id());

        assertThat(story.release(release.id()).state().phase()).isEqualTo("completed");
        assertThat(story.step(release.id(), kind).attempts()).isEqualTo(1);
        assertThat(story.target.effects).containsOnlyOnce("migrate shop/production", "deploy shop/production green v2");
        assertThat(story.target.keys)
                .filteredOn(
                        key -> key.endsWith(story.step(release.id(), kind).id().toString()))
                .hasSize(kind == StepKind.DEPLOY || kind == StepKind.MIGRATE ? 2 : 0);
        assertThat(story.said(NoticeRequested.class)).hasSize(1);
        assertThat(story.said(TrafficShifted.class))
                .extracting(TrafficShifted::percent)
                .containsExactly(10, 50, 100);
        assertThat(story.said(BackupRequested.class))
                .filteredOn(request -> request.notBefore() != null)
                .hasSize(1);
        assertThat(story.router.state().maintenance()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = StepKind.class,
            names = {"TRAFFIC_BACK", "MAINTENANCE_OFF"})
    void shouldStillBeUndoneWhenItDiesWhileUndoing(StepKind kind) {
        Release release = story.until("v2", kind == StepKind.TRAFFIC_BACK ? StepKind.TRAFFIC : StepKind.BACKUP);
        story.steps.killAfter(kind);

        if (kind == StepKind.TRAFFIC_BACK) {
            story.others.callsBack(release.id());
        } else {
            story.others.backupFailed(story.step(release.id(), StepKind.BACKUP).id());
        }
        story.workAndDie();
        story.work();

        assertThat(story.release(release.id()).state().phase())
                .isEqualTo(kind == StepKind.TRAFFIC_BACK ? "rolledBack" : "failed");
        assertThat(story.router.state().maintenance()).isFalse();
        assertThat(story.router.state().weights()).containsEntry("blue", 100);
    }

    @Test
    void shouldDeployTheReleaseBeforeAgainWhenItDiesDoingSo() {
        story.smokeTests.fail("status 500");
        UUID id = story.push("v2");
        story.steps.killAfter(StepKind.REDEPLOY);

        story.workAndDie();
        story.work();

        assertThat(story.release(id).state().phase()).isEqualTo("failed");
        assertThat(story.target.effects).containsOnlyOnce("deploy shop/staging default v1");
        assertThat(story.target.runningOn("shop/staging", "default")).contains("v1");
    }

    @Test
    void shouldCountTheWholeTimeUsersWaitedWhenItDiedAfterSwitchingMaintenanceOn() {
        Release release = story.soaked("v2");
        story.steps.killAfter(StepKind.MAINTENANCE_ON);

        carryOnThroughOneDeath(release.id());

        assertThat(story.release(release.id()).downtime()).isGreaterThan(Duration.ofSeconds(15));
    }

    @Test
    void shouldDeployAgainWhenNobodyCanTellHowItEndedAndItDoesNotRun() {
        Release release = story.until("v2", StepKind.BACKUP);
        story.target.next("deploy", new TargetRun.Unknown("the machine was restarted", List.of()));

        story.carryOn();

        Step deploy = story.step(release.id(), StepKind.DEPLOY);
        assertThat(deploy.attempts()).isEqualTo(2);
        assertThat(deploy.state()).isEqualTo(StepState.DONE);
        assertThat(story.target.keys)
                .filteredOn(("deploy " + deploy.id())::equals)
                .hasSize(2);
    }

    @Test
    void shouldAskAPersonWhenNobodyCanTellHowAMigrationEnded() {
        Release release = story.until("v2", StepKind.BACKUP);
        story.target.next("migrate", new TargetRun.Unknown("the machine was restarted", List.of()));

        story.carryOn();

        Held held = (Held) story.release(release.id()).state();
        assertThat(held.reason()).contains("migrate", "nobody can tell");
        assertThat(held.choices()).contains(Choice.RETRY, Choice.CONTINUE, Choice.ROLLBACK);
    }

    @Test
    void shouldMigrateAgainWhenAPersonSaysSo() {
        Release release = story.until("v2", StepKind.BACKUP);
        story.target.next("migrate", new TargetRun.Unknown("the machine was restarted", List.of()));
        story.carryOn();

        story.send(release.id(), new Choose(Choice.RETRY, "mara", "the schema is untouched"));
        story.carryOn();

        assertThat(story.step(release.id(), StepKind.MIGRATE).attempts()).isEqualTo(2);
        assertThat(story.release(release.id()).state().phase()).isEqualTo("watching");
    }

    @Test
    void shouldGoOnWhenAPersonSaysThatTheMigrationIsDone() {
        Release release = story.until("v2", StepKind.BACKUP);
        story.target.next("migrate", new TargetRun.Unknown("the machine was restarted", List.of()));
        story.target.schema("shop/production", "2");
        story.carryOn();

        story.send(release.id(), new Choose(Choice.CONTINUE, "mara", "looked at it"));
        story.carryOn();

        Step migrate = story.step(release.id(), StepKind.MIGRATE);
        assertThat(migrate.state()).isEqualTo(StepState.DONE);
        assertThat(migrate.evidence()).contains("continued by mara: looked at it");
        assertThat(story.release(release.id()).state().phase()).isEqualTo("watching");
    }

    @Test
    void shouldUndoAStepThatEndsOnlyAfterTheCallBack() {
        Release release = story.until("v2", StepKind.TRAFFIC);
        story.steps.during(StepKind.TRAFFIC, () -> story.others.callsBack(release.id()));

        story.others.passed(story.said(TrafficShifted.class).getLast());
        story.work();

        assertThat(story.release(release.id()).state().phase()).isEqualTo("rolledBack");
        assertThat(story.router.state().weights()).containsEntry("blue", 100);
        assertThat(story.plan(release.id(), Direction.FORWARD))
                .allMatch(step -> step.state().over());
    }

    /// Plays everybody, and comes back as a new process when it dies.
    private void carryOnThroughOneDeath(UUID id) {
        story.approve(id, "technical-lead", "mara");
        story.approve(id, "business", "tomas");
        boolean died = false;
        for (int turns = 0; turns < 30; turns++) {
            died |= story.workOrDie();
            story.others.answer();
            story.clock.advance(Duration.ofSeconds(1));
            if (story.release(id).state().phase().equals("watching")) {
                story.others.watchEnds(
                        id, story.said(TrafficShifted.class).getLast().step());
            }
        }
        assertThat(died).isTrue();
    }
}
