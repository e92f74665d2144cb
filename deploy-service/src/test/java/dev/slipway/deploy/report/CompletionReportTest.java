package dev.slipway.deploy.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.DeployStory;
import dev.slipway.deploy.ShopManifest;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.release.Release;
import dev.slipway.events.TrafficShifted;
import dev.slipway.events.WatchCounts;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class CompletionReportTest {
    @AutoClose
    private final DeployStory story = new DeployStory().withV1();

    @Test
    void shouldReportAGoodReleaseWithAllItsEvidence() {
        Release release = story.started("v2");
        story.carryOn();
        story.advance(ShopManifest.STRICT);
        story.others.watchEnds(
                release.id(), story.said(TrafficShifted.class).getLast().step());
        story.work();

        CompletionReport report = report(release.id());

        assertThat(report.overall()).isEqualTo("PASS");
        assertThat(report.who().requester()).isEqualTo("rafael");
        assertThat(report.who().approvals()).extracting("person").containsExactlyInAnyOrder("mara", "tomas");
        assertThat(report.phases())
                .extracting(CompletionReport.PhaseTime::phase)
                .containsExactly("gated", "ready", "running", "watching", "completed");
        assertThat(report.steps()).hasSize(12).allMatch(step -> step.state().equals("done"));
        assertThat(report.steps()).allMatch(step -> step.evidence() != null && step.took() != null);
        assertThat(report.backups()).hasSize(1);
        assertThat(report.backups().getFirst().rows()).isEqualTo(17);
        assertThat(report.watch())
                .extracting(CompletionReport.WatchFacts::step)
                .containsExactly("traffic 10 %", "traffic 50 %", "strict watch");
        assertThat(report.downtime()).isPositive();
        assertThat(report.took()).isGreaterThan(ShopManifest.STRICT);
        assertThat(report.issues()).isEmpty();
        assertThat(report.currentVersion()).isEqualTo("v2");
    }

    @Test
    void shouldReportWhyAReleaseWasCalledBackAndHowMuchItCost() {
        Release release = story.until("v2", StepKind.TRAFFIC);
        story.others.callsBack(release.id());
        story.work();

        CompletionReport report = report(release.id());

        assertThat(report.overall()).isEqualTo("FAIL");
        assertThat(report.calledBack().counts()).isEqualTo(new WatchCounts(40, 8, 360, 0));
        assertThat(report.calledBack().after()).isEqualTo(Duration.ofSeconds(3));
        assertThat(report.issues()).contains("errors: 20.1 % beside 0.1 %");
        assertThat(report.compensation()).extracting(StepView::kind).containsExactly("traffic-back");
        assertThat(report.currentVersion()).isEqualTo("v1");
    }

    @Test
    void shouldReportARunningReleaseAsPending() {
        Release release = story.until("v2", StepKind.BACKUP);

        CompletionReport report = report(release.id());

        assertThat(report.overall()).isEqualTo("PENDING");
        assertThat(report.took()).isNull();
        assertThat(report.plannedAtMost()).isGreaterThan(Duration.ofMinutes(30));
    }

    private CompletionReport report(UUID release) {
        ReadRelease read = new ReadRelease(
                story.jdbi,
                story.beans.releases,
                story.beans.steps,
                story.gates.answers,
                story.gates.approvals,
                story.gates.overrides,
                story.beans.history,
                story.beans.environments);
        return CompletionReport.of(read.read(release));
    }
}
