package dev.slipway.deploy.release;

import dev.slipway.eventing.WorkQueue;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// The due work of a release. One item of a kind per release, so that never two hands are at the same
/// plan.
@Singleton
public final class ReleaseWork {
    /// Ask the gates; start when they are open; let the release lapse when its time is over.
    public static final String GATES = "gates";

    /// Do the step whose turn it is; end a pause or a hold when its time is over.
    public static final String STEP = "step";

    /// Make the release for the next environment.
    public static final String PROMOTE = "promote";

    /// Make the first releases of an application's new candidates; the id is the application's.
    static final String CANDIDATES = "candidates";

    private final WorkQueue queue;

    public ReleaseWork(WorkQueue queue) {
        this.queue = queue;
    }

    public void gates(Handle tx, UUID release, Instant due) {
        queue.schedule(tx, GATES, release.toString(), due);
    }

    public void step(Handle tx, UUID release, Instant due) {
        queue.schedule(tx, STEP, release.toString(), due);
    }

    void promote(Handle tx, UUID release, Instant due) {
        queue.schedule(tx, PROMOTE, release.toString(), due);
    }

    void candidates(Handle tx, String application, Instant due) {
        queue.schedule(tx, CANDIDATES, application, due);
    }

    void noGates(Handle tx, UUID release) {
        queue.cancel(tx, GATES, release.toString());
    }
}
