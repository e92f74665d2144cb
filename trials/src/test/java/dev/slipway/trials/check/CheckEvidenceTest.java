package dev.slipway.trials.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The check finds every kind of fault it is made for: evidence of a run that went well is spoilt in one
/// place.
class CheckEvidenceTest {
    private HandMadeRun run;

    @BeforeEach
    void makeRun(@TempDir Path archives) throws Exception {
        run = new HandMadeRun(archives);
    }

    private void assertDifference(String... parts) {
        List<String> differences = run.check().differences();
        assertThat(differences).anySatisfy(difference -> assertThat(difference).contains(parts));
    }

    @Test
    void shouldFindNothingWrongWithARunThatWentWell() {
        Findings findings = run.check();

        assertThat(findings.differences()).isEmpty();
        assertThat(findings.counts())
                .containsEntry("webhooks accepted", 3L)
                .containsEntry("candidates", 3L)
                .containsEntry("releases completed", 2L)
                .containsEntry("effects of steps", 10L)
                .containsEntry("notices due", 14L)
                .containsEntry("backups completed", 1L)
                .containsEntry("processes started again", 4L);
    }

    @Test
    void shouldMissAnAcceptedWebhookWithoutACandidate() {
        run.records.removeIf(record -> record.path("value").asText().contains("\"candidate\": \"1\""));
        assertDifference("webhook of lab-1-1", "0 candidate events");
    }

    @Test
    void shouldMissAWebhookNobodyAccepted() {
        ((ObjectNode) run.webhooks.getFirst()).remove("acceptedAt");
        assertDifference("lab-1-1 was never accepted");
    }

    @Test
    void shouldFindTwoCandidatesOfOneWebhook() {
        run.event("dev.cdeventsx.slipway-candidate.accepted.0.1.0", """
                {"subject": {"content": {"candidate": "9", "application": "lab-1", "commit": "good"}}}""");
        assertDifference("webhook of lab-1-1", "2 candidate events");
    }

    @Test
    void shouldFindTwoCandidatesOverRest() {
        run.candidates.add(((ObjectNode) run.candidates.getFirst().deepCopy()).put("id", "9"));
        assertDifference("webhook of lab-1-1", "2 candidates over REST");
    }

    @Test
    void shouldLetABuildHaveNoReleaseThatANewerOnePassedOver() {
        run.passOver("0", "early", "1");
        assertThat(run.check().differences()).isEmpty();
        assertThat(run.check().counts()).containsEntry("candidates passed over", 1L);
    }

    @Test
    void shouldFindABuildPassedOverForOneWithoutARelease() {
        run.passOver("0", "early", "9");
        assertDifference("lab-1-0 was passed over for 9");
    }

    @Test
    void shouldFindACandidateNobodyAskedFor() {
        run.event("dev.cdeventsx.slipway-candidate.accepted.0.1.0", """
                {"subject": {"content": {"candidate": "9", "application": "lab-1", "commit": "forged"}}}""");
        assertDifference("forged", "nobody asked for it");
    }

    @Test
    void shouldFindAReleaseThatStandsStill() {
        run.release("1-live").put("phase", "running").remove("settledAt");
        assertDifference("1-live", "stands still");
    }

    @Test
    void shouldLetAReleaseWaitForAPersonWithReasonAndChoices() {
        ObjectNode held = run.release("1-live").put("phase", "held");
        held.remove("settledAt");
        held.putObject("state")
                .put("reason", "nobody can tell")
                .putArray("choices")
                .add("retry");
        assertThat(run.check().differences()).isEmpty();

        held.withObject("/state").putArray("choices");
        assertDifference("1-live", "stands still");
    }

    @Test
    void shouldFindABuildThatEndedOtherwiseThanItsKindDemands() {
        run.release("1-live").put("phase", "failed");
        assertDifference("1-live", "of kind GOOD is failed, not completed");

        run.release("2-test").put("phase", "completed");
        assertDifference("2-test", "of kind BROKEN_SMOKE is completed, not failed");
    }

    @Test
    void shouldFindACancelledReleaseThatWentOn() {
        run.release("3-test").put("phase", "completed");
        assertDifference("3-test", "is completed, not cancelled");
    }

    @Test
    void shouldLeaveOpenHowACancelEndedThatGotNoAnswer() {
        ((ObjectNode) run.cancels.getFirst()).put("changed", false).put("unclear", true);
        assertThat(run.check().differences()).isEmpty();
    }

    @Test
    void shouldMissAReleaseThatWasNotPromoted() {
        run.releases.remove(run.release("1-live"));
        assertDifference("lab-1-1 has 0 releases in lab-1/live");
    }

    @Test
    void shouldFindTwoReleasesOfOneCandidateInOneEnvironment() {
        run.releases.add(
                run.release("1-live").deepCopy().put("id", "1-live-again").put("number", 2));
        assertDifference("lab-1-1 has 2 releases in lab-1/live");
    }

    @Test
    void shouldFindAReleaseThatGaveWayToNothing() {
        run.release("3-test").put("phase", "superseded");
        assertDifference("3-test", "nothing newer came");
    }

    @Test
    void shouldFindANumberThatWasGivenTwice() {
        run.release("3-test").put("number", 2);
        assertDifference("lab-1/test has the numbers [1, 2, 2]");
    }

    @Test
    void shouldFindTwoRunningReleasesInOneEnvironment() {
        run.records.stream()
                .filter(record -> record.path("value").asText().contains("2-test"))
                .findFirst()
                .orElseThrow()
                .withObject("/headers")
                .put("ce_time", "2026-03-01T10:00:01Z");
        assertDifference("lab-1/test had two running releases at once", "release 1-test", "release 2-test");
    }

    @Test
    void shouldFindAReleaseThatStartedTwice() {
        ObjectNode started = run.records.stream()
                .filter(record -> record.toString().contains("pipelinerun.started"))
                .findFirst()
                .orElseThrow();
        run.event(
                "dev.cdevents.pipelinerun.started.0.3.0", started.path("value").asText());
        assertDifference("release 1-test started twice");
    }

    @Test
    void shouldFindTwoScriptsAtWorkInOneEnvironment() {
        String first = run.effects.getFirst();
        run.effects.set(
                2,
                run.effects
                        .get(2)
                        .replaceFirst("^\\d+", Long.toString(Effect.of(first).nanos() + 30_000_000_000L)));
        assertDifference("lab-1/test had two running scripts at once");
    }

    @Test
    void shouldFindThatSomethingElseIsInstalled() {
        ((ObjectNode) run.environments.getFirst()).put("installed", "broken");
        assertDifference("lab-1/test is said to run good and runs broken");
    }

    @Test
    void shouldFindAnEnvironmentThatIsStillHeld() {
        ((ObjectNode) run.environments.getFirst()).putObject("running").put("release", "1-test");
        assertDifference("lab-1/test is still held by 1-test");
    }

    @Test
    void shouldMissTheEffectOfAStepThatIsDone() {
        run.effects.removeIf(line -> line.contains("1-live-deploy"));
        assertDifference("deploy of release 1-live", "has no effect");
    }

    @Test
    void shouldFindTheEffectOfAStepThatNeverBegan() {
        run.step("1-live", "plan", "deploy").put("state", "skipped");
        assertDifference("deploy of release 1-live", "is skipped and had its effect");
    }

    @Test
    void shouldFindAnEffectNobodyKnowsOfAsASecondOne() {
        run.run("1-live-deploy", "78", "lab-1/live", "good", "1-live");
        assertDifference("deploy of release 1-live", "had its effect 2 times and was begun 1 times");
    }

    @Test
    void shouldCountAnEffectApartThatCameAgainUnderItsKey() {
        run.step("1-live", "plan", "deploy").put("attempts", 2);
        run.run("1-live-deploy", "78", "lab-1/live", "good", "1-live");

        Findings findings = run.check();

        assertThat(findings.differences()).isEmpty();
        assertThat(findings.counts()).containsEntry("effects that came again under their key", 1L);
    }

    @Test
    void shouldFindAnEffectUnderAnotherKey() {
        run.run("made-up", "78", "lab-1/live", "good", "1-live");
        assertDifference("came under the key made-up, which is no step's");
    }

    @Test
    void shouldMissANoticeThatIsDue() {
        run.notices.remove(run.notice("n-1-live-release-completed-email"));
        run.receipts.removeIf(receipt -> receipt.path("key").asText().equals("n-1-live-release-completed-email"));
        assertDifference("1-live release-completed mail is due 1 times and there are 0");
    }

    @Test
    void shouldMissANoticeItsReceiverNeverSaw() {
        run.receipts.removeIf(receipt -> receipt.path("key").asText().equals("n-1-live-release-completed-slack"));
        assertDifference("1-live release-completed hook was for hook lab-1 and came to []");
    }

    @Test
    void shouldFindANoticeThatWasGivenUp() {
        run.notice("n-1-live-release-completed-slack").put("state", "failed").put("detail", "no luck");
        assertDifference("1-live release-completed hook is failed: no luck");
    }

    @Test
    void shouldFindANoticeThatWasToldTwiceUnderTwoKeys() {
        run.notices.add(
                run.notice("n-1-live-release-completed-slack").deepCopy().put("id", "other"));
        run.receive("other", false);
        assertDifference("1-live release-completed hook is due 1 times and there are 2");
    }

    @Test
    void shouldFindAMessageThatCameTwiceWithoutAReason() {
        run.receive("n-1-live-release-completed-slack", false);
        assertDifference("n-1-live-release-completed-slack came 2 times, and only 0 attempts ended without an answer");

        run.notice("n-1-live-release-completed-slack").put("unconfirmed", 1);
        assertThat(run.check().differences()).isEmpty();
        assertThat(run.check().counts()).containsEntry("messages that came again under their key", 1L);
    }

    @Test
    void shouldFindAMessageUnderNoNoticesKey() {
        run.receive("made-up", true);
        assertDifference("under the key made-up, which is no notice's");
    }

    @Test
    void shouldFindANoticeOfSomethingThatDidNotHappen() {
        run.notice("1-live", "release-failed");
        assertDifference("1-live release-failed", "nobody is to be told of it");
    }

    @Test
    void shouldMissABackupThatWasAskedFor() {
        run.backups.clear();
        assertDifference("a backup was asked for, and there is none");
    }

    @Test
    void shouldFindABackupThatFailedWithoutAReason() {
        ((ObjectNode) run.backups.getFirst()).put("state", "failed");
        assertDifference("backup b-1 is failed, without a reason");

        ((ObjectNode) run.backups.getFirst()).put("reason", "server-unreachable");
        assertThat(run.check().differences()).isEmpty();
    }

    @Test
    void shouldFindAnArchiveThatIsNotThereOrNotTheSame() throws Exception {
        Files.writeString(run.archive(), "other rows");
        assertDifference("the archive of backup b-1 is not what was taken");

        Files.delete(run.archive());
        assertDifference("backup b-1 is completed and its archive is not there");
    }

    @Test
    void shouldFindAnEventWithTwoContents() {
        ObjectNode again = run.records.getFirst().deepCopy().put("offset", 99);
        run.records.add(again);
        run.resent.add(again);
        assertThat(run.check().differences()).isEmpty();

        again.put("value", again.path("value").asText() + " ");
        assertDifference("event /slipway/deploy-service e-1 has one content at t-0@0 and another one at t-0@99");
    }

    @Test
    void shouldCountRecordsSentAgain() {
        run.records.add(run.records.getFirst());
        run.records.add(run.records.getFirst());
        run.resent.add(run.records.getFirst());

        assertThat(run.check().counts())
                .containsEntry("records sent again by chaos", 1L)
                .containsEntry("records sent again by relays", 1L);
    }

    @Test
    void shouldMissAnOrderThatWasConfirmed() {
        run.shop.put("ordersInDatabase", 9);
        assertDifference("customers were told of 10 orders, the shop's database has 9");
    }

    @Test
    void shouldFindAProcessThatDidNotComeBack() {
        ((ObjectNode) run.processes.getFirst()).put("state", "GaveUp");
        assertDifference("deploy-service#2 is GaveUp at the end");
    }

    @Test
    void shouldCountWhatWasDoneAndWhatWasPassedOver() {
        for (String outcome : List.of("done", "passed over: it had no process")) {
            JsonNode kill = HandMadeRun.node("{\"kind\": \"Kill\", \"victim\": \"kafka\"}")
                    .put("outcome", outcome);
            run.faults.add(kill);
        }
        assertThat(run.check().counts()).containsEntry("kills with -9", 1L).containsEntry("faults passed over", 1L);
    }
}
