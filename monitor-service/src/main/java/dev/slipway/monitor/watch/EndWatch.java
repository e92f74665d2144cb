package dev.slipway.monitor.watch;

import dev.slipway.eventing.Handled;
import dev.slipway.events.ReleaseRef;
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

    /// The end of a release that is unknown here is kept: a shift of its traffic that comes later begins no watch. One
    /// that has ended already stays as it is.
    Handled end(Handle tx, ReleaseRef ref, UUID chainId, End end) {
        UUID releaseId = ref.id();
        store.register(tx, WatchedRelease.of(ref, chainId));
        WatchedRelease release = store.lock(tx, releaseId).orElseThrow();
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
