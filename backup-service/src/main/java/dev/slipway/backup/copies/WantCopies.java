package dev.slipway.backup.copies;

import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState.Completed;
import dev.slipway.backup.ledger.CopyId;
import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.watchdog.Trouble.Kind;
import dev.slipway.backup.watchdog.Troubles;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.events.BackupIncomplete;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Has copies made where a completed backup is missing, and tells that it is.
@Singleton
public final class WantCopies {
    static final String NEXT_ACT = "see that the location answers and has room: the copy is made when it does";

    private final MissingCopies copies;
    private final Databases databases;
    private final Troubles troubles;
    private final WorkQueue queue;
    private final Clock clock;

    public WantCopies(MissingCopies copies, Databases databases, Troubles troubles, WorkQueue queue, Clock clock) {
        this.copies = copies;
        this.databases = databases;
        this.troubles = troubles;
        this.queue = queue;
        this.clock = clock;
    }

    /// After a backup was completed: it may have been enough that some of its locations have it.
    public void completed(Handle tx, Backup backup, Completed completed) {
        List<String> missing = new ArrayList<>(wanted(backup));
        missing.removeAll(completed.archive().locations());
        if (missing.isEmpty()) {
            return;
        }
        want(tx, backup, missing);
        tell(tx, backup, completed.archive().locations(), missing);
    }

    /// After a look at a location did not find there what the catalogue says: it is made anew from another one.
    ///
    /// @return false when that is known already
    public boolean lost(Handle tx, Backup backup, Completed completed, String location) {
        if (!want(tx, backup, List.of(location))) {
            return false;
        }
        List<String> have = new ArrayList<>(completed.archive().locations());
        copies.of(tx, backup.id()).forEach(missing -> have.remove(missing.location()));
        tell(tx, backup, have, List.of(location));
        return true;
    }

    private void tell(Handle tx, Backup backup, List<String> have, List<String> missing) {
        String reason = "backup %s is missing in %s".formatted(backup.id(), String.join(", ", missing));
        troubles.tell(
                tx,
                new Troubles.Found(backup.database(), Kind.COPIES, "", reason, NEXT_ACT),
                environment -> new BackupIncomplete(
                        backup.id(),
                        backup.database().application(),
                        backup.database().name(),
                        environment,
                        have,
                        missing,
                        reason,
                        NEXT_ACT));
    }

    /// Has every copy looked at that the backup should have, and made anew what is not as it was written.
    ///
    /// @return the locations
    public List<String> check(Handle tx, Backup backup, Completed completed) {
        List<String> all = new ArrayList<>(completed.archive().locations());
        wanted(backup).stream().filter(name -> !all.contains(name)).forEach(all::add);
        want(tx, backup, all);
        return all;
    }

    /// @return whether any of it is new
    private boolean want(Handle tx, Backup backup, Collection<String> locations) {
        boolean anyNew = false;
        for (String location : locations) {
            anyNew |= copies.add(tx, backup.id(), location, clock.instant().truncatedTo(ChronoUnit.MICROS));
            queue.schedule(tx, CopyBackup.KIND, new CopyId(backup.id(), location).toString(), clock.instant());
        }
        return anyNew;
    }

    private List<String> wanted(Backup backup) {
        return databases
                .in(backup.database(), backup.manifest())
                .map(known -> known.database().locations())
                .orElse(List.of());
    }

    /// Takes the trouble back when nothing is missing any more.
    void recovered(Handle tx, DatabaseKey database) {
        if (!copies.any(tx, database)) {
            troubles.end(tx, database, Kind.COPIES, "", "every location has its copy");
        }
    }
}
