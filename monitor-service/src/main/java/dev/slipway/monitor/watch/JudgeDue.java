package dev.slipway.monitor.watch;

import dev.slipway.eventing.WorkHandler;
import dev.slipway.eventing.WorkItem;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.eventing.WorkResult;
import dev.slipway.monitor.sample.SampleListener;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Every sample makes the open watches of its environment due.
@Singleton
final class JudgeDue implements WorkHandler, SampleListener {
    /// Kind of due work; its id is the release's.
    static final String KIND = "watch";

    private final JudgeWatch judge;
    private final WatchStore store;
    private final WorkQueue queue;
    private final Clock clock;

    JudgeDue(JudgeWatch judge, WatchStore store, WorkQueue queue, Clock clock) {
        this.judge = judge;
        this.store = store;
        this.queue = queue;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public WorkResult run(WorkItem item) {
        return WorkResult.done(tx -> judge.judge(tx, UUID.fromString(item.id())));
    }

    @Override
    public void sampled(Handle tx, String environment) {
        for (UUID release : store.open(tx, environment)) {
            queue.schedule(tx, KIND, release.toString(), clock.instant());
        }
    }

    @Override
    public boolean isWaiting(Handle handle, String environment) {
        return !store.open(handle, environment).isEmpty();
    }
}
