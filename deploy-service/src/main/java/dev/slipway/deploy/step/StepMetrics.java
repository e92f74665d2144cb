package dev.slipway.deploy.step;

import dev.slipway.deploy.plan.Step;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.plan.StepState;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How long steps take and how they end: `slipway_step_duration_seconds{kind,outcome}`.
@Singleton
final class StepMetrics {
    private final MeterRegistry meters;

    StepMetrics(MeterRegistry meters) {
        this.meters = meters;
        // From zero on, so that the first of each is an increase.
        for (StepKind kind : StepKind.values()) {
            List.of(StepState.DONE, StepState.BROKEN, StepState.STOPPED).forEach(state -> timer(kind, state));
        }
    }

    void finished(Step step, StepState state, Instant at) {
        Instant since = Optional.ofNullable(step.startedAt()).orElse(at);
        timer(step.kind(), state).record(Duration.between(since, at));
    }

    private Timer timer(StepKind kind, StepState state) {
        return Timer.builder("slipway.step.duration")
                .description("How long steps took from their beginning to their end")
                .tag("kind", kind.tag())
                .tag("outcome", state.name().toLowerCase(Locale.ROOT))
                .register(meters);
    }
}
