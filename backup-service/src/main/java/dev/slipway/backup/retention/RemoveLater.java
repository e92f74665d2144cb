package dev.slipway.backup.retention;

import dev.slipway.backup.ledger.CopyId;
import dev.slipway.eventing.WorkQueue;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Has what a location keeps of a backup removed as soon as the location lets it.
@Singleton
public final class RemoveLater {
    private final Expiries expiries;
    private final WorkQueue queue;
    private final Clock clock;

    public RemoveLater(Expiries expiries, WorkQueue queue, Clock clock) {
        this.expiries = expiries;
        this.queue = queue;
        this.clock = clock;
    }

    public void remove(Handle tx, UUID backup, String location) {
        expiries.add(tx, backup, location, clock.instant().truncatedTo(ChronoUnit.MICROS));
        queue.schedule(tx, RemoveExpired.KIND, new CopyId(backup, location).toString(), clock.instant());
    }
}
