package dev.slipway.backup.retention;

import dev.slipway.backup.catalogue.BackupFiles;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.ledger.CopyId;
import dev.slipway.backup.ledger.Patience;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.retention.Expiries.Expiry;
import dev.slipway.backup.storage.Storages;
import dev.slipway.eventing.WorkHandler;
import dev.slipway.eventing.WorkItem;
import dev.slipway.eventing.WorkResult;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/// Removes the bytes of one expired backup from one location. A file that is gone already is no fault; a location that
/// does not answer is tried again, for days, less and less often.
@Singleton
public final class RemoveExpired implements WorkHandler {
    static final String KIND = "expire";

    /// After so many tries it waits for somebody: retention is told to be broken long before.
    static final int MOST_TRIES = 40;

    private static final Logger LOG = Logger.getLogger(RemoveExpired.class);

    private final Jdbi jdbi;
    private final Backups backups;
    private final Expiries expiries;
    private final Storages storages;
    private final Clock clock;

    RemoveExpired(Jdbi jdbi, Backups backups, Expiries expiries, Storages storages, Clock clock) {
        this.jdbi = jdbi;
        this.backups = backups;
        this.expiries = expiries;
        this.storages = storages;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public WorkResult run(WorkItem item) {
        CopyId copy = CopyId.parse(item.id());
        UUID id = copy.backup();
        String name = copy.location();
        Optional<Expiry> expiry = jdbi.withHandle(handle -> expiries.find(handle, id, name));
        if (expiry.isEmpty()) {
            return WorkResult.done(_ -> {});
        }
        Backup backup = jdbi.withHandle(handle -> backups.find(handle, id)).orElseThrow();
        try {
            remove(backup, name);
            LOG.infof("backup removed backup=%s location=%s", id, name);
            return WorkResult.done(tx -> expiries.done(tx, expiry.get()));
        } catch (BackupFault | LocationFault | IllegalArgumentException fault) {
            LOG.warnf("backup not removed backup=%s location=%s: %s", id, name, fault.getMessage());
            return failed(expiry.get(), String.valueOf(fault.getMessage()));
        }
    }

    private void remove(Backup backup, String name) throws BackupFault, LocationFault {
        Location location = storages.named(name);
        new BackupFiles(location, backup.database(), backup.id()).remove();
        List<String> still = location.files(backup.database(), backup.id());
        if (!still.isEmpty()) {
            throw new LocationFault(
                    LocationFault.Reason.BROKEN,
                    "location %s: still there after they were removed: %s".formatted(name, String.join(", ", still)),
                    null);
        }
    }

    private WorkResult failed(Expiry expiry, String fault) {
        if (expiry.tries() + 1 >= MOST_TRIES) {
            return WorkResult.done(tx -> expiries.tried(tx, expiry, fault));
        }
        Instant again = clock.instant().plus(Patience.after(expiry.tries()));
        return WorkResult.again(again, tx -> expiries.tried(tx, expiry, fault));
    }
}
