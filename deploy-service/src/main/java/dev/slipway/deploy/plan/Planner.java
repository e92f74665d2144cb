package dev.slipway.deploy.plan;

import dev.slipway.deploy.manifest.Environment;
import dev.slipway.deploy.manifest.TargetSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Makes plans: the one forward, from the manifest, and the one back, from what has been done. Pure.
public final class Planner {
    private static final Duration SHORT = Duration.ofMinutes(2);
    private static final Duration SWITCH_OFF = Duration.ofMinutes(10);
    private static final Duration AROUND = Duration.ofMinutes(1);

    /// How long after its own time is over the watch's word is still waited for.
    private static final Duration WATCH_LATE = Duration.ofMinutes(2);

    private Planner() {}

    /// The plan of a release into this environment, in order; the manifest's reader has made sure that it can be made.
    public static List<PlannedStep> forward(Environment environment) {
        List<PlannedStep> steps = new ArrayList<>();
        for (StepKind kind : environment.plan()) {
            if (kind == StepKind.TRAFFIC) {
                environment.traffic().steps().forEach(percent -> steps.add(traffic(environment, percent)));
            } else {
                steps.add(new PlannedStep(kind, name(kind, environment), null, limit(kind, environment)));
            }
        }
        return List.copyOf(steps);
    }

    /// What undoes a release.
    ///
    /// @param forward the steps of its plan, with how far they got: one that had begun may have had its effect
    /// @param previousTarget where the release before runs; absent when there is none
    /// @param everything false: only maintenance mode is switched off
    public static List<PlannedStep> back(
            Environment environment, List<Step> forward, @Nullable String previousTarget, boolean everything) {
        Set<StepKind> begun = forward.stream()
                .filter(step -> step.state().begun())
                .map(Step::kind)
                .collect(Collectors.toSet());
        List<PlannedStep> steps = new ArrayList<>();
        if (everything && previousTarget != null) {
            if (begun.contains(StepKind.TRAFFIC)) {
                steps.add(back(StepKind.TRAFFIC_BACK, environment));
            }
            if (begun.contains(StepKind.DEPLOY)
                    && environment.target().colours().isEmpty()) {
                steps.add(back(StepKind.REDEPLOY, environment));
            }
        }
        if (begun.contains(StepKind.MAINTENANCE_ON) && !switchedOff(forward)) {
            steps.add(back(StepKind.MAINTENANCE_OFF, environment));
        }
        return List.copyOf(steps);
    }

    private static PlannedStep traffic(Environment environment, int percent) {
        Duration limit = environment.traffic().maxDuration().plus(WATCH_LATE);
        return new PlannedStep(StepKind.TRAFFIC, "traffic %d %%".formatted(percent), percent, limit);
    }

    private static PlannedStep back(StepKind kind, Environment environment) {
        return new PlannedStep(kind, name(kind, environment), null, limit(kind, environment));
    }

    private static boolean switchedOff(List<Step> forward) {
        return forward.stream()
                .anyMatch(step -> step.kind() == StepKind.MAINTENANCE_OFF && step.state() == StepState.DONE);
    }

    private static String name(StepKind kind, Environment environment) {
        return switch (kind) {
            case ANNOUNCE -> "announce " + environment.announce().situation();
            case MAINTENANCE_ON -> "maintenance on";
            case BACKUP -> "back up " + environment.backup().database();
            case MIGRATE -> "migrate";
            case VERIFY_SCHEMA -> "verify the schema's version";
            case DEPLOY -> "deploy";
            case SMOKE -> "smoke tests " + environment.smoke();
            case MAINTENANCE_OFF -> "maintenance off";
            case TRAFFIC -> "traffic";
            case WATCH -> "strict watch";
            case TRAFFIC_BACK -> "traffic back to the release before";
            case REDEPLOY -> "deploy the release before";
        };
    }

    private static Duration limit(StepKind kind, Environment environment) {
        TargetSpec target = environment.target();
        return switch (kind) {
            case ANNOUNCE -> environment.announce().timeout();
            case BACKUP -> environment.backup().timeout();
            case MIGRATE -> target.migrate().timeout().plus(SHORT);
            case DEPLOY, REDEPLOY ->
                target.deploy().timeout().plus(target.running().timeout()).plus(AROUND);
            case MAINTENANCE_ON, VERIFY_SCHEMA, SMOKE -> SHORT;
            case TRAFFIC_BACK, MAINTENANCE_OFF -> SWITCH_OFF;
            case WATCH -> environment.traffic().strictWatch().plus(WATCH_LATE);
            case TRAFFIC -> environment.traffic().maxDuration().plus(WATCH_LATE);
        };
    }
}
