package dev.slipway.deploy.target;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;

/// Clears away what runs of long ago left on the disk.
@Singleton
final class RunSweeper {
    private static final Duration KEPT = Duration.ofDays(14);

    private final ScriptRuns runs;
    private final Clock clock;

    RunSweeper(ScriptRuns runs, Clock clock) {
        this.runs = runs;
        this.clock = clock;
    }

    @Scheduled(every = "PT24H", delayed = "PT1M")
    @RunOnVirtualThread
    void sweep() {
        runs.forget(clock.instant().minus(KEPT));
    }
}
