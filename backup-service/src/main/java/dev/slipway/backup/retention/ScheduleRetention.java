package dev.slipway.backup.retention;

import dev.slipway.backup.ledger.CopyId;
import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.manifest.BackupManifest;
import dev.slipway.backup.retention.Expiries.Expiry;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.manifest.ManifestListener;
import dev.slipway.manifest.StoredManifest;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.jdbi.v3.core.Handle;

/// Makes retention due for every database of a manifest. It keeps itself due as long as a manifest has the database.
@Singleton
public final class ScheduleRetention implements ManifestListener<BackupManifest> {
    private final WorkQueue queue;
    private final Expiries expiries;
    private final Clock clock;

    ScheduleRetention(WorkQueue queue, Expiries expiries, Clock clock) {
        this.queue = queue;
        this.expiries = expiries;
        this.clock = clock;
    }

    @Override
    public void accepted(Handle tx, StoredManifest<BackupManifest> manifest) {
        manifest.sections()
                .databases()
                .forEach(database -> now(tx, new DatabaseKey(manifest.application(), database.name())));
    }

    /// Applies it now, and tries again to remove what could not be removed.
    void now(Handle tx, DatabaseKey database) {
        queue.schedule(tx, ApplyRetention.KIND, database.toString(), clock.instant());
        for (Expiry expiry : expiries.left(tx, database)) {
            if (expiry.tries() > 0) {
                queue.schedule(
                        tx,
                        RemoveExpired.KIND,
                        new CopyId(expiry.backup(), expiry.location()).toString(),
                        clock.instant());
            }
        }
    }
}
