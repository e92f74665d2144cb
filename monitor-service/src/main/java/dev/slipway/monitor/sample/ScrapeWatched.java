package dev.slipway.monitor.sample;

import dev.slipway.eventing.WorkQueue;
import dev.slipway.manifest.ManifestListener;
import dev.slipway.manifest.StoredManifest;
import dev.slipway.monitor.manifest.EnvironmentWatch;
import dev.slipway.monitor.manifest.WatchManifest;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.jdbi.v3.core.Handle;

/// Starts to look at every environment that a manifest has watched. Those it no longer mentions end by
/// themselves.
@Singleton
public final class ScrapeWatched implements ManifestListener<WatchManifest> {
    private final WorkQueue queue;
    private final Clock clock;

    public ScrapeWatched(WorkQueue queue, Clock clock) {
        this.queue = queue;
        this.clock = clock;
    }

    @Override
    public void accepted(Handle tx, StoredManifest<WatchManifest> manifest) {
        for (EnvironmentWatch watch : manifest.sections().watches()) {
            String environment = manifest.application() + "/" + watch.environment();
            queue.schedule(tx, ScrapeEnvironment.KIND, environment, clock.instant());
        }
    }
}
