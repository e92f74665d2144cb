package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.deploy.gate.GateAnswers.Kept;
import dev.slipway.deploy.gate.GateOverride;
import dev.slipway.deploy.release.History;
import dev.slipway.deploy.release.Release;
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

/// Gates that are opened by the word of a person.
class OverridesTest {
    private static final Caller MARA =
            Caller.of("mara-laptop", "mara", Set.of("approver:technical-lead"), Set.of("github:mara"));

    @AutoClose
    private final DeployStory story = new DeployStory().withV1();

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
        Kept said = story.gate(release.id(), "soak");
        assertThat(said.verdict()).isEqualTo("open");
        assertThat(said.reason()).isEqualTo("overridden by mara (technical-lead) at " + now + ": the fix cannot wait");
        assertThat(story.said(ReleaseGated.class).getLast().gates())
                .anyMatch(answer ->
                        answer.gate().equals("soak") && answer.reason().equals(said.reason()));
        assertThat(history)
                .filteredOn(entry -> entry.signal().equals("GateOverridden"))
                .extracting(History.Entry::why)
                .containsExactly("mara (technical-lead) overrode the gate soak: the fix cannot wait");
        assertThat(story.gate(release.id(), "approvals").verdict())
                .as("the others")
                .isEqualTo("hold");
    }

    @Test
    void shouldStartWithoutABackupWhenSomebodyTookThatOnThemselves() {
        Release release = story.approved("v2");
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
        assertThat(story.gate(release.id(), "backup").verdict()).isEqualTo("hold");
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
}
