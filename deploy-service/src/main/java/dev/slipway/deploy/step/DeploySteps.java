package dev.slipway.deploy.step;

import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.step.StepResult.Broke;
import dev.slipway.deploy.step.StepResult.Done;
import dev.slipway.deploy.target.Target;
import dev.slipway.deploy.target.TargetContext;
import dev.slipway.deploy.target.TargetRun;
import dev.slipway.deploy.target.Targets;
import dev.slipway.events.EventData;
import dev.slipway.events.ServiceChange;
import dev.slipway.events.ServiceDeployed;
import dev.slipway.events.ServiceRolledBack;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Puts an artifact onto a target and believes only what runs there afterwards. Where nobody can tell how a deployment
/// ended, what runs now is the answer; when it is not the artifact, the deployment is done again.
@Singleton
final class DeploySteps implements StepHandler {
    private final Targets targets;

    DeploySteps(Targets targets) {
        this.targets = targets;
    }

    @Override
    public Set<StepKind> kinds() {
        return Set.of(StepKind.DEPLOY, StepKind.REDEPLOY);
    }

    @Override
    public StepResult run(StepContext context) {
        return context.step().kind() == StepKind.DEPLOY
                ? deploy(context, context.forTarget(), deployed(context))
                : redeploy(context);
    }

    private StepResult redeploy(StepContext context) {
        Release previous = context.previous();
        if (previous == null) {
            return StepResult.broke("there is no release before that could be deployed again");
        }
        TargetContext target = context.forTarget(previous, context.step().id(), context.target());
        return deploy(context, target, rolledBack(context, previous, context.target()));
    }

    private StepResult deploy(StepContext context, TargetContext what, EventData event) {
        Target target = targets.of(context.environment());
        TargetRun run = target.deploy(what);
        Optional<String> running = running(target, what);
        boolean runs = running.equals(Optional.of(what.version()));
        String now = "%s runs %s".formatted(what.target(), running.orElse("nothing that can be named"));
        return switch (run) {
            case TargetRun.Ended ended when ended.ok() && runs -> done(now + ", " + ended.describe(), run, event);
            case TargetRun.Unknown _ when runs -> done(now, run, event);
            case TargetRun.Unknown unknown ->
                new Broke(
                        "the deployment: %s; %s".formatted(unknown.describe(), now),
                        true,
                        run.lines(),
                        List.of(),
                        List.of());
            case TargetRun.Ended _, TargetRun.TimedOut _, TargetRun.Refused _ ->
                new Broke(
                        "the deployment: %s; %s".formatted(run.describe(), now),
                        false,
                        run.lines(),
                        List.of(),
                        List.of());
        };
    }

    private static Done done(String evidence, TargetRun run, EventData event) {
        return new Done(evidence, run.lines(), List.of(event), List.of());
    }

    private static Optional<String> running(Target target, TargetContext what) {
        return target.running(what) instanceof TargetRun.Ended ended && ended.ok()
                ? ended.lastLine()
                : Optional.empty();
    }

    private static ServiceDeployed deployed(StepContext context) {
        return new ServiceDeployed(
                new ServiceChange(context.environmentId(), context.release().artifact()),
                new ServiceChange.Facts(context.release().ref(), context.target()));
    }

    static ServiceRolledBack rolledBack(StepContext context, Release previous, String target) {
        return new ServiceRolledBack(
                new ServiceChange(context.environmentId(), previous.artifact()),
                new ServiceChange.Facts(context.release().ref(), target));
    }
}
