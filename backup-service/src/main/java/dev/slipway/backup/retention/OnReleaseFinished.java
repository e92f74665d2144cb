package dev.slipway.backup.retention;

import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.eventing.EventHandler;
import dev.slipway.eventing.Handled;
import dev.slipway.events.Event;
import dev.slipway.events.ReleaseFinished;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// A release is over: what it relied on is held for a while more, since it may still be undone.
@Singleton
final class OnReleaseFinished implements EventHandler<ReleaseFinished> {
    private final Keeps keeps;
    private final Databases databases;

    OnReleaseFinished(Keeps keeps, Databases databases) {
        this.keeps = keeps;
        this.databases = databases;
    }

    @Override
    public Class<ReleaseFinished> type() {
        return ReleaseFinished.class;
    }

    @Override
    public Handled handle(Handle tx, Event<ReleaseFinished> event) {
        ReleaseFinished.Facts facts = event.data().customData();
        UUID release = facts.release().id();
        List<DatabaseKey> held = List.copyOf(keeps.heldBy(tx, release));
        for (DatabaseKey database : held) {
            Duration more = databases
                    .current(tx, database)
                    .map(known -> known.database().retention())
                    .orElse(RetentionPolicy.USUAL)
                    .releases();
            keeps.release(tx, release, database, facts.finishedAt().plus(more));
        }
        return held.isEmpty() ? Handled.ignored("the release holds no backup") : Handled.applied();
    }
}
