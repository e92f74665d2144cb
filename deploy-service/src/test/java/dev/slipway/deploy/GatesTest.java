package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.slipway.deploy.gate.GateAnswers.Kept;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.release.ReleaseState.Gated;
import dev.slipway.events.BackupRequested;
import dev.slipway.events.ReleaseGated;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What has to be so before a release starts.
class GatesTest {
    @AutoClose
    private final DeployStory story = new DeployStory().withV1();

    @Test
    void shouldLetEveryGateAnswerAndKeepTheAnswers() {
        story.push("v2");
        story.work();
        Release release = story.release("production", "v2");

        assertThat(story.gateAnswers(release.id()))
                .extracting(Kept::gate, Kept::verdict)
                .containsExactly(
                        tuple("manifest", "open"),
                        tuple("soak", "hold"),
                        tuple("approvals", "hold"),
                        tuple("environment", "open"),
                        tuple("backup", "hold"));
        Gated gated = (Gated) release.state();
        assertThat(gated.closed()).containsExactly("soak", "approvals", "backup");
    }

    @Test
    void shouldHoldUntilTheSoakIsOver() {
        story.push("v2");
        story.work();
        Release release = story.release("production", "v2");

        story.advance(ShopManifest.SOAK.minusSeconds(1));
        String before = story.gate(release.id(), "soak").verdict();
        story.advance(Duration.ofSeconds(1));

        assertThat(before).isEqualTo("hold");
        assertThat(story.gate(release.id(), "soak").verdict()).isEqualTo("open");
    }

    @Test
    void shouldTellOnlyWhenAnAnswerChanged() {
        Release release = story.soaked("v2");
        int told = story.said(ReleaseGated.class).size();

        story.jdbi.useTransaction(tx -> story.beans.work.gates(tx, release.id(), story.clock.instant()));
        int asked = story.work();

        assertThat(asked).isEqualTo(1);
        assertThat(story.said(ReleaseGated.class)).hasSize(told);
    }

    @Test
    void shouldAskForABackupOnlyWhenEverythingElseIsOpen() {
        Release release = story.soaked("v2");
        story.approve(release.id(), "technical-lead", "mara");
        story.work();
        assertThat(story.said(BackupRequested.class)).isEmpty();

        story.approve(release.id(), "business", "tomas");
        story.work();

        BackupRequested request = story.said(BackupRequested.class).getLast();
        assertThat(request.maxAge()).isEqualTo(Duration.ofHours(2));
        assertThat(request.proof()).isEqualTo("restore");
        assertThat(request.release().id()).isEqualTo(release.id());
    }

    @Test
    void shouldStartByItselfWhenTheBackupIsProved() {
        Release release = story.approved("v2");

        story.others.verified(story.said(BackupRequested.class).getLast().requestId());
        story.work();

        assertThat(story.release(release.id()).state().phase()).isEqualTo("running");
        assertThat(story.gate(release.id(), "backup").reason()).contains("17 rows", "restore");
    }

    @Test
    void shouldAskAnewWhenTheBackupIsNotAnsweredInTime() {
        story.approved("v2");
        UUID first = story.said(BackupRequested.class).getLast().requestId();

        story.advance(Duration.ofMinutes(5));

        assertThat(story.said(BackupRequested.class)).hasSize(2);
        assertThat(story.said(BackupRequested.class).getLast().requestId()).isNotEqualTo(first);
    }

    @Test
    void shouldIgnoreTheAnswerToAQuestionItHasAskedAnew() {
        Release release = story.approved("v2");
        UUID first = story.said(BackupRequested.class).getLast().requestId();
        story.advance(Duration.ofMinutes(5));

        story.others.verified(first);
        story.work();

        assertThat(story.release(release.id()).state().phase()).isEqualTo("gated");
        assertThat(story.ignored(release.id())).contains("BackupVerified: the gate has asked anew meanwhile");
    }

    @Test
    void shouldAskAnewAfterAFailedBackup() {
        Release release = story.approved("v2");

        story.others.backupFailed(story.said(BackupRequested.class).getLast().requestId());
        story.work();
        Kept failed = story.gate(release.id(), "backup");
        story.advance(Duration.ofSeconds(31));

        assertThat(failed.reason()).contains("disk full", "dump-failed");
        assertThat(story.said(BackupRequested.class)).hasSize(2);
    }

    @Test
    void shouldHoldReleaseWhenBackupIsStale() {
        Release release = story.approved("v2");

        story.others.verified(
                story.said(BackupRequested.class).getLast().requestId(),
                story.clock.instant().minus(Duration.ofHours(3)));
        story.work();

        assertThat(story.release(release.id()).state().phase()).isEqualTo("gated");
        assertThat(story.gate(release.id(), "backup").reason()).contains("too old");
        assertThat(story.said(BackupRequested.class)).hasSize(2);
    }
}
