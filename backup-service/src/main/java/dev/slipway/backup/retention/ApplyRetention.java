package dev.slipway.backup.retention;

import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.ledger.CopyId;
import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.ledger.Ledger;
import dev.slipway.backup.ledger.Signal;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.retention.Retention.Verdict;
import dev.slipway.eventing.WorkHandler;
import dev.slipway.eventing.WorkItem;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.eventing.WorkResult;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/// Lets backups go that no rule keeps: first in the ledger, so that nobody is given one any more, then, a while later,
/// location by location ([RemoveExpired]).
@Singleton
public final class ApplyRetention implements WorkHandler {
    /// The kind of due work of a database: its id is `application/database`.
    static final String KIND = "retention";

    /// Whoever reads from a backup when it is let go has this long to come to an end.
    static final Duration DELAY = Duration.ofHours(1);

    private static final Logger LOG = Logger.getLogger(ApplyRetention.class);
    private static final Duration EVERY = Duration.ofHours(1);
    private static final int MOST_AT_ONCE = 200;

    private final Backups backups;
    private final Ledger ledger;
    private final Keeps keeps;
    private final Expiries expiries;
    private final ReportRetention report;
    private final Databases databases;
    private final WorkQueue queue;
    private final Clock clock;

    ApplyRetention(
            Backups backups,
            Ledger ledger,
            Keeps keeps,
            Expiries expiries,
            ReportRetention report,
            Databases databases,
            WorkQueue queue,
            Clock clock) {
        this.backups = backups;
        this.ledger = ledger;
        this.keeps = keeps;
        this.expiries = expiries;
        this.report = report;
        this.databases = databases;
        this.queue = queue;
        this.clock = clock;
    }

    @Override
    public boolean ends() {
        return false;
    }

    @Override
    public String kind() {
        return KIND;
    }

    /// A database that no manifest has any more keeps everything.
    @Override
    public WorkResult run(WorkItem item) {
        String[] names = item.id().split("/", 2);
        DatabaseKey database = new DatabaseKey(names[0], names[1]);
        Optional<Databases.Known> known = databases.current(database);
        return known.isEmpty()
                ? WorkResult.done(_ -> {})
                : WorkResult.again(now().plus(EVERY), tx -> apply(tx, database, known.get()));
    }

    private void apply(Handle tx, DatabaseKey database, Databases.Known known) {
        RetentionPolicy policy = known.database().retention();
        List<Verdict> going = Retention.decide(keeps.candidates(tx, database, now()), policy, now()).stream()
                .filter(verdict -> !verdict.keep())
                .toList();
        going.reversed().stream().limit(MOST_AT_ONCE).forEach(verdict -> letGo(tx, verdict));
        if (going.size() > MOST_AT_ONCE) {
            queue.schedule(tx, KIND, database.toString(), now());
        }
        report.daily(tx, database, policy);
    }

    /// Whoever pins a backup, or relies on it, meets it held here, or after it was let go.
    private void letGo(Handle tx, Verdict verdict) {
        Optional<Backup> held = backups.lock(tx, verdict.backup().id());
        if (held.isEmpty()
                || keeps.pin(tx, held.get().id()).isPresent()
                || !keeps.holds(tx, held.get().id(), now()).isEmpty()) {
            return;
        }
        Backup backup = held.get();
        String why = String.join("; ", verdict.reasons());
        ledger.move(tx, backup, new Signal.Outlived(why));
        for (String location : locations(backup)) {
            expiries.add(tx, backup.id(), location, now());
            queue.schedule(tx, RemoveExpired.KIND, new CopyId(backup.id(), location).toString(), now().plus(DELAY));
        }
        LOG.infof("backup let go backup=%s database=%s: %s", backup.id(), backup.database(), why);
    }

    /// Everywhere anything of it may lie: what failed may have left bytes where it was to go.
    private Set<String> locations(Backup backup) {
        Set<String> locations = new TreeSet<>();
        databases
                .in(backup.database(), backup.manifest())
                .ifPresent(known -> locations.addAll(known.database().keeping().locations()));
        Archive archive = backup.state().archive();
        if (archive != null) {
            locations.addAll(archive.locations());
        }
        return locations;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
