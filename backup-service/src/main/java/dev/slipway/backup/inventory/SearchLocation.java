package dev.slipway.backup.inventory;

import dev.slipway.backup.copies.WantCopies;
import dev.slipway.backup.inventory.Inventory.Stock;
import dev.slipway.backup.ledger.BackupState.Completed;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.ledger.Backups.Kept;
import dev.slipway.backup.location.Item;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.Location.Found;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.storage.Places;
import dev.slipway.eventing.WorkHandler;
import dev.slipway.eventing.WorkItem;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.eventing.WorkResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Looks through a location again and again: for backups that lay there and do not any more, which are told of and made
/// anew, and for files of nobody, which are counted. Names and sizes are compared; whether the bytes are still those
/// that were written only reading them tells.
public final class SearchLocation implements WorkHandler {
    /// The kind of due work of a search: its id is the location's name.
    public static final String KIND = "search";

    private static final Logger LOG = Logger.getLogger(SearchLocation.class);

    /// Until a location that could not be searched, or that lost more than is made anew at once, is searched again.
    private static final Duration SOON = Duration.ofMinutes(10);

    /// A location that lost everything is not to flood the others with copies.
    private static final int MOST_AT_ONCE = 200;

    private final Jdbi jdbi;
    private final Backups backups;
    private final Inventory inventory;
    private final Searches searches;
    private final WantCopies copies;
    private final Places places;
    private final WorkQueue queue;
    private final Duration every;
    private final Clock clock;

    /// @param every how often a location is searched
    public SearchLocation(
            Jdbi jdbi,
            Backups backups,
            Inventory inventory,
            Searches searches,
            WantCopies copies,
            Places places,
            WorkQueue queue,
            Duration every,
            Clock clock) {
        this.jdbi = jdbi;
        this.backups = backups;
        this.inventory = inventory;
        this.searches = searches;
        this.copies = copies;
        this.places = places;
        this.queue = queue;
        this.every = every;
        this.clock = clock;
    }

    /// Makes the search of every location due, a while after the service began.
    public void begin() {
        Instant first = clock.instant().plus(every.compareTo(SOON) < 0 ? every : SOON);
        jdbi.useTransaction(tx -> {
            for (Location location : places.all()) {
                searches.expect(tx, location.name(), now());
                queue.schedule(tx, KIND, location.name(), first);
            }
        });
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public WorkResult run(WorkItem item) {
        Optional<Location> location = places.named(item.id());
        if (location.isEmpty()) {
            return WorkResult.done(tx -> searches.forget(tx, item.id()));
        }
        try {
            return search(location.get());
        } catch (LocationFault fault) {
            LOG.warnf("location not searched location=%s: %s", item.id(), fault.getMessage());
            return WorkResult.again(soon(), tx -> searches.failed(tx, item.id(), fault.getMessage()));
        }
    }

    private WorkResult search(Location location) throws LocationFault {
        // Before it is looked through: what is stored meanwhile is not missing.
        List<Kept> kept = jdbi.withHandle(handle -> backups.keptIn(handle, location.name()));
        List<Found> found = location.list();
        Stock stock = inventory.stock(found);
        List<Kept> lost = lost(location, kept, found);
        LOG.infof(
                "location searched location=%s backups=%d lost=%d unknown=%d",
                location.name(), stock.backups(), lost.size(), stock.unknown().size());
        List<Kept> now = lost.subList(0, Math.min(lost.size(), MOST_AT_ONCE));
        return WorkResult.again(
                now.size() < lost.size() ? soon() : clock.instant().plus(every), tx -> {
                    now.forEach(backup -> tell(tx, backup, location.name()));
                    searches.found(tx, location.name(), stock, lost.size(), now());
                });
    }

    private static List<Kept> lost(Location location, List<Kept> kept, List<Found> found) throws LocationFault {
        Map<String, Long> sizes =
                found.stream().collect(Collectors.toMap(Found::path, Found::sizeBytes, (first, _) -> first));
        List<Kept> lost = new ArrayList<>();
        for (Kept backup : kept) {
            if (!isWhole(backup, item -> size(sizes, item)) && !isWhole(backup, location::size)) {
                lost.add(backup);
            }
        }
        return lost;
    }

    private interface Look {
        OptionalLong size(Item item) throws LocationFault;
    }

    private static OptionalLong size(Map<String, Long> sizes, Item item) {
        Long size = sizes.get(item.path());
        return size == null ? OptionalLong.empty() : OptionalLong.of(size);
    }

    private static boolean isWhole(Kept backup, Look look) throws LocationFault {
        Item archive = new Item(backup.database(), backup.id(), backup.file());
        OptionalLong size = look.size(archive);
        return size.isPresent()
                && size.getAsLong() == backup.sizeBytes()
                && look.size(archive.beside(Item.MANIFEST)).isPresent()
                && (backup.roles() == null
                        || look.size(archive.beside(backup.roles())).isPresent());
    }

    /// Retention may have let it go since.
    private void tell(Handle tx, Kept backup, String location) {
        backups.lock(tx, backup.id())
                .filter(now -> now.state() instanceof Completed completed
                        && completed.archive().locations().contains(location))
                .ifPresent(now -> {
                    if (copies.lost(tx, now, (Completed) now.state(), location)) {
                        LOG.warnf("copy lost backup=%s location=%s", now.id(), location);
                    }
                });
    }

    private Instant soon() {
        return clock.instant().plus(every.compareTo(SOON) < 0 ? every : SOON);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
