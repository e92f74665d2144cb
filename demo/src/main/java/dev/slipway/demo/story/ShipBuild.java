package dev.slipway.demo.story;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.suite.AccessToken;
import java.time.Duration;
import java.util.stream.Stream;

/// Takes a build from its delivery through staging and the gates of production up to the start there.
public final class ShipBuild {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Duration STAGING_LIMIT = Duration.ofSeconds(60);
    private static final Duration GATES_LIMIT = Duration.ofSeconds(60);

    private final Walk walk;

    public ShipBuild(Walk walk) {
        this.walk = walk;
    }

    /// GitHub delivers; a candidate appears, and its release into staging.
    public ReleaseView deliver(Walk.Built built) {
        Http.Answer answer = walk.services().deliver(built.delivery());
        walk.require(answer.status() == 202, "the delivery was answered by " + answer.inWords());
        JsonNode delivery = walk.patience()
                .await(
                        "the delivery in the list",
                        SOON,
                        () -> walk.services().delivery(built.delivery().id(), "candidate"),
                        () -> walk.services().deliveries().toString());
        ReleaseView release = release(Stage.STAGING, built);
        walk.require(
                delivery.path("candidate").asText().equals(release.candidate().toString()),
                "the delivery names candidate %s, the release %s"
                        .formatted(delivery.path("candidate"), release.candidate()));
        walk.narrator()
                .observed(
                        "%s (%s) is a candidate, its release to staging is queued"
                                .formatted(built.build().name(), built.build().shortCommit()),
                        "REST, deploy-service");
        return release;
    }

    /// Deployed to staging and smoke-tested there; its release into production comes into being.
    public ReleaseView throughStaging(Walk.Built built, ReleaseView staging) {
        ReleaseView completed = walk.follow(
                staging,
                "the release to staging completed",
                STAGING_LIMIT,
                view -> view.phase().equals("completed"));
        for (String kind : new String[] {"migrate", "verify-schema", "deploy", "smoke"}) {
            walk.require(
                    completed.step(kind).filter(ReleaseView.Step::done).isPresent(), "staging has not done: " + kind);
        }
        walk.narrator()
                .observed(
                        "%s is deployed to staging and passed its smoke tests"
                                .formatted(built.build().name()),
                        "REST, deploy-service");
        return release(Stage.PRODUCTION, built);
    }

    /// The requester's own approval is refused, two people approve in two roles, every gate opens, the plan is shown;
    /// then the release starts.
    public ReleaseView openGates(ReleaseView release) {
        People people = walk.stage().people();
        ReleaseView asked = walk.follow(release, "the gates' first answers", SOON, ShipBuild::allGatesAnswered);
        showPlan(asked);

        Http.Answer own = walk.services().approve(release.id(), "technical-lead", people.requester());
        walk.require(own.status() == 403, "the requester's own approval was answered by " + own.inWords());
        walk.narrator().observed("Ada's approval of her own build is refused with 403", "REST, deploy-service");
        approve(release, "technical-lead", people.technicalLead());
        approve(release, "business", people.business());

        ReleaseView started = walk.follow(release, "the release to start", GATES_LIMIT, view -> !view.waits());
        walk.require(
                started.gates().stream().allMatch(ReleaseView.Gate::open), "it started although a gate is not open");
        String proof = started.gate("backup").map(ReleaseView.Gate::reason).orElse("");
        walk.require(proof.contains("restore"), "the backup at the gate is not proved by a restore: " + proof);
        walk.narrator()
                .observed(
                        "all gates of production are open: soaked, approved by two people, a fresh proved backup",
                        "REST, deploy-service");
        return started;
    }

    private static boolean allGatesAnswered(ReleaseView view) {
        return Stream.of("soak", "approvals", "backup")
                .allMatch(name -> view.gate(name).isPresent());
    }

    private void showPlan(ReleaseView release) {
        walk.require(release.waits() && release.startedAt() == null, "the plan was asked for too late");
        walk.require(
                release.steps().size() >= 10
                        && release.steps().stream()
                                .allMatch(step -> step.state().equals("pending")),
                "there is no untouched plan before the start: " + release.steps());
        walk.narrator().tell("the plan, before anything of it is done:");
        walk.narrator()
                .list(release.steps().stream().map(ReleaseView.Step::name).toList(), " → ");
    }

    private void approve(ReleaseView release, String role, AccessToken by) {
        Http.Answer answer = walk.services().approve(release.id(), role, by);
        walk.require(answer.ok(), "%s's approval was answered by %s".formatted(by.person(), answer.inWords()));
        walk.narrator().observed("%s approves as %s".formatted(by.person(), role), "REST, deploy-service");
    }

    private ReleaseView release(String environment, Walk.Built built) {
        return walk.patience()
                .await(
                        "a release of %s to %s".formatted(built.build().name(), environment),
                        SOON,
                        () -> walk.services().releases(environment, built.commit()).stream()
                                .findFirst()
                                .map(found -> walk.services().release(found.id())),
                        () -> "none");
    }
}
