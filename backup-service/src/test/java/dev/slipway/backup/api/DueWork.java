package dev.slipway.backup.api;

import dev.slipway.eventing.WorkHandler;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.eventing.WorkRunner;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/// Does the work of a service whose pumps stand still.
@Singleton
public class DueWork {
    private final WorkRunner runner;

    DueWork(Jdbi jdbi, WorkQueue queue, Clock clock, @All List<WorkHandler> handlers) {
        runner = new WorkRunner(jdbi, queue, clock, "test", Duration.ofSeconds(15), handlers);
    }

    /// All that is due now.
    public void run() {
        runner.runDue();
    }
}
