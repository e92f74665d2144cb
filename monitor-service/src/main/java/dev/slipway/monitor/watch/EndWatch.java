package dev.slipway.monitor.watch;

import dev.slipway.eventing.Handled;
import dev.slipway.monitor.watch.WatchedRelease.End;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/// Ends the watch of a release because the release goes no further.
@Singleton
final class EndWatch {
    private static final Logger LOG = Logger.getLogger(EndWatch.class);

    private final WatchStore store;

    EndWatch(WatchStore store) {
        this.store = store;
    }

    /// A release that is unknown here, or ended already, changes nothing.
    Handled end(Handle tx, UUID releaseId, End end) {
        WatchedRelease release = store.lock(tx, releaseId).orElse(null);
        if (release == null) {
            return Handled.ignored("the release is not watched here");
        }
        if (release.ended().isPresent()) {
            return Handled.ignored("the watch is over: " + release.ended().get().reason());
        }
        store.end(tx, releaseId, end);
        List<Watch> watches = store.watches(tx, releaseId);
        if (!watches.isEmpty()) {
            Watch current = watches.getLast();
            switch (current.state()) {
                case WatchState.Watching _, WatchState.Held _ ->
                    store.update(tx, releaseId, current.with(new WatchState.Ended(end.at(), end.reason())));
                case WatchState.Passed _, WatchState.Closed _ -> {}
            }
        }
        LOG.infof("event=watch_ended release=%s reason=\"%s\"", releaseId, end.reason());
        return Handled.applied();
    }
}
