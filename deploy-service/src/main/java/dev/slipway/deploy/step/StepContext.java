package dev.slipway.deploy.step;

import dev.slipway.deploy.manifest.DeployManifest;
import dev.slipway.deploy.manifest.Environment;
import dev.slipway.deploy.manifest.TargetSpec;
import dev.slipway.deploy.plan.Step;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.target.TargetContext;
import dev.slipway.events.EnvironmentId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a step's handler knows.
///
/// @param step as it stands after it was begun: its attempt is counted, its deadline set
/// @param takenOver an earlier owner died in this attempt: what it did outside may have happened
/// @param previous the release that was current when this one started
/// @param upstream the candidate's release in the environment before
record StepContext(
        Release release,
        Step step,
        boolean takenOver,
        DeployManifest manifest,
        Environment environment,
        @Nullable Release previous,
        @Nullable Release upstream,
        Instant now) {

    /// The colour the candidate is on, or `default`.
    String target() {
        return Optional.ofNullable(release.target()).orElse(TargetSpec.DEFAULT);
    }

    Instant deadline() {
        return Optional.ofNullable(step.deadline()).orElseThrow();
    }

    EnvironmentId environmentId() {
        return new EnvironmentId(release.fullEnvironment());
    }

    /// What a target is told about this release.
    TargetContext forTarget() {
        return forTarget(release, step.id(), target());
    }

    /// What a target is told when the release before is deployed again.
    TargetContext forTarget(Release deployed, UUID stepId, String target) {
        return new TargetContext(
                release.id(),
                stepId,
                step.attempts(),
                takenOver,
                release.application(),
                release.fullEnvironment(),
                deployed.version(),
                deployed.commit(),
                deployed.artifact(),
                target);
    }
}
