package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.slipway.deploy.gate.GateAnswers.Kept;
import dev.slipway.deploy.gate.GateOverride;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.release.History;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.release.ReleaseState.Gated;
import dev.slipway.events.ApprovalGiven;
import dev.slipway.events.BackupRequested;
import dev.slipway.events.ReleaseGated;
import dev.slipway.web.Caller;
import dev.slipway.web.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What has to be so before a release starts.
class GatesTest {
    private static final Caller MARA =
            Caller.of("mara-laptop", "mara", Set.of("approver:technical-lead"), Set.of("github:mara"));

    @AutoClose
    private final DeployStory story = new DeployStory().withV1();

    @Test
    void shouldLetEveryGateAnswerAndKeepTheAnswers() {
        story.push("v2");
        story.work();
        Release release = story.release("production", "v2");

        assertThat(now(release.id()))
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
        String before = gate(release.id(), "soak").verdict();
        story.advance(Duration.ofSeconds(1));

        assertThat(before).isEqualTo("hold");
        assertThat(gate(release.id(), "soak").verdict()).isEqualTo("open");
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
        Release release = approved();

        story.verified(story.said(BackupRequested.class).getLast().requestId());
        story.work();

        assertThat(story.release(release.id()).state().phase()).isEqualTo("running");
        assertThat(gate(release.id(), "backup").reason()).contains("17 rows", "restore");
    }

    @Test
    void shouldAskAnewWhenTheBackupIsNotAnsweredInTime() {
        approved();
        UUID first = story.said(BackupRequested.class).getLast().requestId();

        story.advance(Duration.ofMinutes(5));

        assertThat(story.said(BackupRequested.class)).hasSize(2);
        assertThat(story.said(BackupRequested.class).getLast().requestId()).isNotEqualTo(first);
    }

    @Test
    void shouldIgnoreTheAnswerToAQuestionItHasAskedAnew() {
        Release release = approved();
        UUID first = story.said(BackupRequested.class).getLast().requestId();
        story.advance(Duration.ofMinutes(5));

        story.verified(first);
        story.work();

        assertThat(story.release(release.id()).state().phase()).isEqualTo("gated");
        assertThat(story.ignored(release.id())).contains("BackupVerified: the gate has asked anew meanwhile");
    }

    @Test
    void shouldAskAnewAfterAFailedBackup() {
        Release release = approved();

        story.backupFailed(story.said(BackupRequested.class).getLast().requestId());
        story.work();
        Kept failed = gate(release.id(), "backup");
        story.advance(Duration.ofSeconds(31));

        assertThat(failed.reason()).contains("disk full", "dump-failed");
        assertThat(story.said(BackupRequested.class)).hasSize(2);
    }

    @Test
    void shouldHoldReleaseWhenBackupIsStale() {
        Release release = approved();

        story.verified(
                story.said(BackupRequested.class).getLast().requestId(),
                story.clock.instant().minus(Duration.ofHours(3)));
        story.work();

        assertThat(story.release(release.id()).state().phase()).isEqualTo("gated");
        assertThat(gate(release.id(), "backup").reason()).contains("too old");
        assertThat(story.said(BackupRequested.class)).hasSize(2);
    }

    @Test
    void shouldTellOfAnApprovalByThePersonsName() {
        Release release = story.soaked("v2");

        story.approve(release.id(), "business", "tomas");

        ApprovalGiven given = story.said(ApprovalGiven.class).getLast();
        assertThat(given.by()).isEqualTo("tomas");
        assertThat(given.role()).isEqualTo("business");
    }

    @ParameterizedTest
    @CsvSource({
        // the requester is rafael, the author is ines
        "rafael-laptop, rafael, github:someone, own-release",
        "laptop, rf, github:rafael, own-release",
        "laptop, rf, RAFAEL, own-release",
        "laptop, ines, github:x, own-release",
        "laptop, i, github:ines, own-release",
        // who started the run before another ran it again, and who wrote with the author
        "laptop, s, github:Starter, own-release",
        "laptop, p, email:Pair@Shop.example, own-release",
        // a second token of somebody whose first one is in the configuration
        "second, Ole, slack:U1, own-release"
    })
    void shouldRefuseTheOwnReleaseByAnyAlias(String name, String person, String alias, String type) {
        Release release = story.soaked("v2");
        Caller caller = Caller.of(name, person, Set.of("approver:business"), Set.of(alias));

        Problem problem = refused(release.id(), "business", caller);

        assertThat(problem.status()).isEqualTo(403);
        assertThat(problem.type()).isEqualTo("urn:slipway:problem:" + type);
    }

    @Test
    void shouldKnowAPersonByAnyOfTheirTokens() {
        Release release = story.soaked("v2");
        story.jdbi.useHandle(tx -> tx.execute("""
                insert into access_token (id, revision, name, sha256, roles, person, aliases, lifetime_s, issued_at,
                                          issued_by, expires_at, ended)
                values (gen_random_uuid(), 1, 'old', 'x', '{}', 'Nina', '{github:starter}', 1, now(), 'ada', now(), true)"""));
        story.jdbi.useHandle(tx -> tx.execute("insert into person_alias values ('olga', 'github:oidc-login')"));

        for (String person : List.of("nina", "Olga")) {
            Caller bare = Caller.of("second", person, Set.of("approver:business"), Set.of());
            assertThat(refused(release.id(), "business", bare).type()).endsWith("own-release");
        }
    }

    @Test
    void shouldTakeTwoNamesOfOnePersonForOne() {
        Release release = story.soaked("v2");
        story.approve(release.id(), "technical-lead", "mara");
        story.jdbi.useHandle(tx -> tx.execute("insert into person_alias values ('mara', 'github:mara')"));
        Caller twin = Caller.of("laptop", "mk", Set.of("approver:business"), Set.of("github:Mara"));

        assertThat(refused(release.id(), "business", twin).type()).endsWith("same-person");
    }

    @Test
    void shouldWantAnotherPersonForEachRole() {
        Release release = story.soaked("v2");
        story.approve(release.id(), "technical-lead", "mara");
        Caller mara = Caller.of("other-laptop", "mara", Set.of("approver:business"), Set.of());

        Problem problem = refused(release.id(), "business", mara);

        assertThat(problem.status()).isEqualTo(409);
        assertThat(problem.type()).endsWith("same-person");
    }

    @Test
    void shouldWantTheRoleItself() {
        Release release = story.soaked("v2");
        Caller admin = Caller.of("admin", "mara", Set.of("admin", "operator", "viewer"), Set.of());

        Problem problem = refused(release.id(), "business", admin);

        assertThat(problem.status()).isEqualTo(403);
    }

    @Test
    void shouldRefuseARoleThatIsNotAskedFor() {
        Release release = story.soaked("v2");
        Caller dba = Caller.of("laptop", "mara", Set.of("approver:dba"), Set.of());

        Problem problem = refused(release.id(), "dba", dba);

        assertThat(problem.status()).isEqualTo(422);
    }

    @Test
    void shouldAnswerTheSameApprovalAgain() {
        Release release = story.soaked("v2");
        story.approve(release.id(), "business", "tomas");

        story.approve(release.id(), "business", "tomas");

        assertThat(story.said(ApprovalGiven.class)).hasSize(1);
    }

    @Test
    void shouldRefuseASecondApprovalOfARole() {
        Release release = story.soaked("v2");
        story.approve(release.id(), "business", "tomas");
        Caller other = Caller.of("laptop", "lena", Set.of("approver:business"), Set.of());

        Problem problem = refused(release.id(), "business", other);

        assertThat(problem.type()).endsWith("approved-already");
        assertThat(problem.members()).containsEntry("by", "tomas");
    }

    @Test
    void shouldRefuseAnApprovalOfAReleaseThatIsPastIt() {
        Release release = story.until("v2", StepKind.BACKUP);
        Caller other = Caller.of("laptop", "lena", Set.of("approver:business"), Set.of());

        Problem problem = refused(release.id(), "business", other);

        assertThat(problem.status()).isEqualTo(409);
        assertThat(problem.members()).containsEntry("phase", "running");
    }

    @Test
    void shouldWantNewApprovalsForANewBuild() {
        Release first = story.soaked("v2");
        story.approve(first.id(), "technical-lead", "mara");
        story.approve(first.id(), "business", "tomas");

        Release second = story.soaked("v3");

        assertThat(gate(second.id(), "approvals").reason()).contains("technical-lead", "business");
    }

    @Test
    void shouldOpenAGateByTheWordOfWhoMay() {
        story.push("v2");
        story.work();
        story.advance(Duration.ofMinutes(1));
        Release release = story.release("production", "v2");
        Instant now = story.clock.instant();

        GateOverride made = override(release.id(), "soak", "the fix cannot wait", MARA);
        GateOverride again = override(release.id(), "soak", "once more", MARA);
        story.work();

        List<History.Entry> history = story.jdbi.withHandle(tx -> story.beans.history.of(tx, release.id()));
        assertThat(made).isEqualTo(new GateOverride("soak", "technical-lead", "mara", "the fix cannot wait", now));
        assertThat(again).isEqualTo(made);
        Kept said = gate(release.id(), "soak");
        assertThat(said.verdict()).isEqualTo("open");
        assertThat(said.reason()).isEqualTo("overridden by mara (technical-lead) at " + now + ": the fix cannot wait");
        assertThat(story.said(ReleaseGated.class).getLast().gates())
                .anyMatch(answer ->
                        answer.gate().equals("soak") && answer.reason().equals(said.reason()));
        assertThat(history)
                .filteredOn(entry -> entry.signal().equals("GateOverridden"))
                .extracting(History.Entry::why)
                .containsExactly("mara (technical-lead) overrode the gate soak: the fix cannot wait");
        assertThat(gate(release.id(), "approvals").verdict()).as("the others").isEqualTo("hold");
    }

    @Test
    void shouldStartWithoutABackupWhenSomebodyTookThatOnThemselves() {
        Release release = approved();
        String before = story.release(release.id()).state().phase();

        override(release.id(), "backup", "nothing to lose there", MARA);
        story.work();

        assertThat(before).isEqualTo("gated");
        assertThat(story.release(release.id()).state().phase()).isEqualTo("running");
    }

    @ParameterizedTest
    @CsvSource({
        "approvals, why not, 422, invalid",
        "environment, why not, 422, invalid",
        "soak, '', 422, invalid",
        "soak, '  ', 422, invalid",
        ", why not, 422, invalid"
    })
    void shouldOverrideNothingThatNobodyMay(String gate, String reason, int status, String type) {
        Release release = story.soaked("v2");

        Problem problem = refusedOverride(release.id(), gate, reason, MARA);

        assertThat(problem.status()).isEqualTo(status);
        assertThat(problem.type()).endsWith(type);
    }

    @Test
    void shouldLetNobodyOverrideForThemselvesOrWithoutTheRole() {
        Release release = story.soaked("v2");
        Caller author = Caller.of("laptop", "i", Set.of("approver:technical-lead"), Set.of("github:INES"));
        Caller admin = Caller.of("laptop", "a", Set.of("admin", "approver", "approver:business"), Set.of());

        assertThat(refusedOverride(release.id(), "backup", "mine", author).type())
                .endsWith("own-release");
        assertThat(refusedOverride(release.id(), "backup", "mine", admin).type())
                .endsWith("forbidden");
        assertThat(refusedOverride(UUID.randomUUID(), "backup", "mine", MARA).status())
                .isEqualTo(404);
        assertThat(gate(release.id(), "backup").verdict()).isEqualTo("hold");
    }

    @Test
    void shouldKeepTheFirstOverrideAndRefuseOneThatIsTooLate() {
        Release release = story.soaked("v2");
        override(release.id(), "backup", "first", MARA);
        Caller other = Caller.of("laptop", "lena", Set.of("approver:technical-lead"), Set.of());

        assertThat(refusedOverride(release.id(), "backup", "second", other).type())
                .endsWith("overridden-already");
        story.approve(release.id(), "technical-lead", "mara");
        story.approve(release.id(), "business", "tomas");
        story.work();

        assertThat(refusedOverride(release.id(), "soak", "late", MARA).type()).endsWith("past-approval");
    }

    private GateOverride override(UUID release, String gate, String reason, Caller caller) {
        return story.jdbi.inTransaction(tx -> story.gates.override.override(tx, release, gate, reason, caller));
    }

    private Problem refusedOverride(UUID release, @Nullable String gate, String reason, Caller caller) {
        return catchThrowableOfType(Problem.class, () -> override(release, gate, reason, caller));
    }

    private Release approved() {
        Release release = story.soaked("v2");
        story.approve(release.id(), "technical-lead", "mara");
        story.approve(release.id(), "business", "tomas");
        story.work();
        return release;
    }

    private Problem refused(UUID release, String role, Caller caller) {
        return catchThrowableOfType(
                Problem.class,
                () -> story.jdbi.useTransaction(tx -> story.gates.approve.approve(tx, release, role, null, caller)));
    }

    private List<Kept> now(UUID release) {
        return story.jdbi.withHandle(tx -> story.gates.answers.latest(tx, release));
    }

    private Kept gate(UUID release, String name) {
        return now(release).stream()
                .filter(answer -> answer.gate().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
