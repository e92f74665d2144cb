package dev.slipway.deploy.step;

import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.step.StepResult.Broke;
import dev.slipway.deploy.step.StepResult.Done;
import dev.slipway.deploy.step.StepResult.Fact;
import dev.slipway.deploy.traffic.RouterFailure;
import dev.slipway.deploy.traffic.Routers;
import dev.slipway.deploy.traffic.TrafficRouter;
import dev.slipway.events.MaintenanceSwitched;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Switches maintenance mode and believes only what the router says afterwards.
@Singleton
final class MaintenanceSteps implements StepHandler {
    private final Routers routers;
    private final Clock clock;

    MaintenanceSteps(Routers routers, Clock clock) {
        this.routers = routers;
        this.clock = clock;
    }

    @Override
    public Set<StepKind> kinds() {
        return Set.of(StepKind.MAINTENANCE_ON, StepKind.MAINTENANCE_OFF);
    }

    @Override
    public StepResult run(StepContext context) {
        boolean on = context.step().kind() == StepKind.MAINTENANCE_ON;
        try {
            TrafficRouter.State state = routers.of(context.environment())
                    .maintenance(on, context.step().id());
            return state.maintenance() == on
                    ? switched(context, on)
                    : StepResult.tryAgain("the router says that maintenance mode is " + word(state.maintenance()));
        } catch (RouterFailure e) {
            return new Broke(e.getMessage(), e.retryable(), List.of(), List.of(), List.of());
        }
    }

    private Done switched(StepContext context, boolean on) {
        Instant now = clock.instant();
        // Whoever was at it before us may have switched it on long ago: users have waited since then.
        Instant since = context.takenOver()
                ? Optional.ofNullable(context.step().startedAt()).orElse(now)
                : now;
        return new Done(
                "the router says that maintenance mode is " + word(on),
                List.of(),
                List.of(new MaintenanceSwitched(
                        new MaintenanceSwitched.Content(context.release().fullEnvironment(), null),
                        new MaintenanceSwitched.Facts(context.release().ref(), on))),
                List.of(on ? new Fact.MaintenanceOn(since) : new Fact.MaintenanceOff(now)));
    }

    private static String word(boolean on) {
        return on ? "on" : "off";
    }
}
