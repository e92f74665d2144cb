package dev.slipway.deploy.step;

import dev.slipway.deploy.manifest.Environment.Traffic;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.step.StepResult.Broke;
import dev.slipway.deploy.step.StepResult.Done;
import dev.slipway.deploy.traffic.RouterFailure;
import dev.slipway.deploy.traffic.Routers;
import dev.slipway.deploy.traffic.TrafficRouter;
import dev.slipway.events.TrafficShifted;
import dev.slipway.events.TrafficShifted.Side;
import dev.slipway.events.WatchStepPassed;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Shifts traffic and believes only what the router says afterwards; then the watch decides. Also takes all of it back.
@Singleton
final class TrafficSteps implements StepHandler {
    private static final int ALL = 100;
    private static final String WAITS = "waits for the watch";

    private final Routers routers;
    private final Clock clock;

    TrafficSteps(Routers routers, Clock clock) {
        this.routers = routers;
        this.clock = clock;
    }

    @Override
    public Set<StepKind> kinds() {
        return Set.of(StepKind.TRAFFIC, StepKind.TRAFFIC_BACK);
    }

    @Override
    public StepResult run(StepContext context) {
        try {
            return context.step().kind() == StepKind.TRAFFIC ? forward(context) : back(context);
        } catch (RouterFailure e) {
            return new Broke(e.getMessage(), e.retryable(), List.of(), List.of(), List.of());
        }
    }

    private StepResult forward(StepContext context) {
        if (context.step().answer() instanceof WatchStepPassed passed) {
            return StepResult.done("%s (%d requests, %d errors; beside it %d, %d)"
                    .formatted(
                            passed.reason(),
                            passed.counts().candidateRequests(),
                            passed.counts().candidateErrors(),
                            passed.counts().baselineRequests(),
                            passed.counts().baselineErrors()));
        }
        if (context.step().askedAt() != null) {
            return StepResult.waits(context, WAITS);
        }
        int percent = percent(context);
        if (context.previous() == null && percent < ALL) {
            return StepResult.done("there is no release before that could take the other traffic");
        }
        Map<String, Integer> weights = weights(context, context.target(), percent);
        TrafficRouter.State state = set(context, weights);
        if (!holds(state, weights)) {
            return StepResult.tryAgain("the router says %s, not %s".formatted(state.weights(), weights));
        }
        TrafficShifted shifted = shifted(context, percent, state, clock.instant());
        return percent == ALL
                ? new Done("the router says " + state.weights(), List.of(), List.of(shifted), List.of())
                : StepResult.asked(context, WAITS, shifted);
    }

    private StepResult back(StepContext context) {
        Release previous = context.previous();
        if (previous == null || previous.target() == null) {
            return StepResult.broke("there is no release before that traffic could go back to");
        }
        Map<String, Integer> weights = weights(context, previous.target(), ALL);
        TrafficRouter.State state = set(context, weights);
        return holds(state, weights)
                ? new Done(
                        "the router says " + state.weights(),
                        List.of(),
                        List.of(DeploySteps.rolledBack(context, previous, previous.target())),
                        List.of())
                : StepResult.tryAgain("the router says %s, not %s".formatted(state.weights(), weights));
    }

    private TrafficRouter.State set(StepContext context, Map<String, Integer> weights) {
        TrafficRouter router = routers.of(context.environment());
        if (context.takenOver()) {
            TrafficRouter.State now = router.state();
            if (holds(now, weights)) {
                return now;
            }
        }
        return router.weights(weights, context.step().id());
    }

    private static int percent(StepContext context) {
        Integer percent = context.step().percent();
        if (percent == null) {
            throw new IllegalStateException("a traffic step without percent: " + context.step());
        }
        return percent;
    }

    /// @param target gets that many percent, the release before the rest
    private static Map<String, Integer> weights(StepContext context, String target, int percent) {
        Map<String, Integer> weights = new LinkedHashMap<>();
        context.environment().target().colours().keySet().forEach(colour -> weights.put(colour, 0));
        if (context.previous() != null && context.previous().target() != null) {
            weights.put(context.previous().target(), ALL - percent);
        }
        weights.put(target, percent);
        return weights;
    }

    private static boolean holds(TrafficRouter.State state, Map<String, Integer> weights) {
        return weights.entrySet().stream()
                .allMatch(
                        entry -> state.weights().getOrDefault(entry.getKey(), 0).equals(entry.getValue()));
    }

    private static TrafficShifted shifted(
            StepContext context, int percent, TrafficRouter.State state, Instant effectiveAt) {
        Traffic traffic = context.environment().traffic();
        return new TrafficShifted(
                context.release().ref(),
                context.step().id(),
                percent,
                state.weights(),
                effectiveAt,
                new Side(context.release().version(), context.target()),
                percent == ALL ? null : baseline(context),
                traffic.minDwell(),
                traffic.maxDuration(),
                traffic.undecided(),
                percent == ALL ? traffic.strictWatch() : null);
    }

    private static @Nullable Side baseline(StepContext context) {
        Release previous = context.previous();
        return previous == null || previous.target() == null ? null : new Side(previous.version(), previous.target());
    }
}
