package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.release.Release;
import dev.slipway.events.ApprovalGiven;
import dev.slipway.web.Caller;
import dev.slipway.web.Problem;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whose word a release needs, and whose counts for none.
class ApprovalsTest {
    @AutoClose
    private final DeployStory story = new DeployStory().withV1();

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

    /// By one alias they are known as another person here, and by another of that person's as who started the release.
    @Test
    void shouldRefuseTheOwnReleaseOfWhoIsKnownByAnotherName() {
        Release release = story.soaked("v2");
        story.jdbi.useHandle(tx -> tx.execute("""
                insert into person_alias
                values ('sam', 'github:starter'), ('sam', 'email:sam@shop.example'), ('ann', 'email:ann@shop.example')"""));
        Caller twin = Caller.of("laptop", "sk", Set.of("approver:business"), Set.of("email:Sam@shop.example"));
        Caller other = Caller.of("phone", "am", Set.of("approver:business"), Set.of("email:ann@shop.example"));

        assertThat(refused(release.id(), "business", twin).type()).endsWith("own-release");
        assertThat(refused(release.id(), "business", other)).isNull();
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

        assertThat(story.gate(second.id(), "approvals").reason()).contains("technical-lead", "business");
    }

    private Problem refused(UUID release, String role, Caller caller) {
        return catchThrowableOfType(
                Problem.class,
                () -> story.jdbi.useTransaction(tx -> story.gates.approve.approve(tx, release, role, null, caller)));
    }
}
