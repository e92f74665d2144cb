package dev.slipway.deploy.step;

import dev.slipway.deploy.plan.StepKind;
import dev.slipway.events.WatchFinished;
import jakarta.inject.Singleton;
import java.util.Set;

/// All traffic is on the candidate: the strict watch goes on until it ends well, or calls the release back.
@Singleton
final class WatchStep implements StepHandler {
    @Override
    public Set<StepKind> kinds() {
        return Set.of(StepKind.WATCH);
    }

    @Override
    public StepResult run(StepContext context) {
        return context.step().answer() instanceof WatchFinished finished
                ? StepResult.done("%s (%d requests, %d errors)"
                        .formatted(
                                finished.reason(),
                                finished.counts().candidateRequests(),
                                finished.counts().candidateErrors()))
                : StepResult.waits(context, "waits for the strict watch to end");
    }
}
