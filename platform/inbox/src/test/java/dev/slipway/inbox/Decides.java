package dev.slipway.inbox;

import dev.slipway.eventing.EventHandler;
import dev.slipway.eventing.Handled;
import dev.slipway.eventing.PermanentFailure;
import dev.slipway.events.Event;
import dev.slipway.events.WatchFinished;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Handle;

/// Decides by the first word of an event's reason.
@Singleton
final class Decides implements EventHandler<WatchFinished> {
    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final Set<String> mended = ConcurrentHashMap.newKeySet();

    List<String> handled() {
        return handled;
    }

    /// From now on an event of this reason is no failure any more.
    void mend(String reason) {
        mended.add(reason);
    }

    @Override
    public Class<WatchFinished> type() {
        return WatchFinished.class;
    }

    @Override
    public Handled handle(Handle tx, Event<WatchFinished> event) {
        String reason = event.data().reason();
        return switch (reason.split(" ")[0]) {
            case "again" -> Handled.ignored("told already");
            case "early" -> Handled.refused("the release has not started");
            case "bad" -> {
                if (!mended.contains(reason)) {
                    throw new PermanentFailure("no such release");
                }
                handled.add(reason);
                yield Handled.applied();
            }
            default -> {
                handled.add(reason);
                yield Handled.applied();
            }
        };
    }
}
