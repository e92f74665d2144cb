package dev.slipway.backup.capture;

import dev.slipway.backup.catalogue.ManifestFile;
import dev.slipway.backup.engine.Engine;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Details;
import dev.slipway.backup.ledger.Packing;
import dev.slipway.backup.location.Item;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.program.Run;
import dev.slipway.backup.storage.Storage;
import dev.slipway.backup.stream.Compression;
import dev.slipway.backup.stream.Digest;
import dev.slipway.backup.stream.OnePass;
import dev.slipway.backup.vault.MasterKey;
import dev.slipway.backup.vault.Sealer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// One backup on its way into its locations. Closed before it was published it leaves nothing in any of them.
///
/// The archive gets its final name when enough locations have all of it safe; the manifest comes after it, and only
/// what has one is a backup.
final class Deposit implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Deposit.class);

    private final CaptureBackup.Order order;
    private final Engine engine;
    private final Compression compression;
    private final Item item;
    private final @Nullable Sealer sealer;
    private final OnePass pass;
    private final Map<Item, byte[]> small = new LinkedHashMap<>();
    private final List<Location> named = new ArrayList<>();
    private final List<Location> told = new ArrayList<>();
    private boolean published;

    Deposit(CaptureBackup.Order order, Engine engine) {
        Storage storage = order.storage();
        MasterKey master = storage.master();
        this.order = order;
        this.engine = engine;
        this.compression = engine.around(storage.method());
        this.sealer =
                master == null ? null : Sealer.begin(order.backup(), engine.content(), compression.label(), master);
        this.item = new Item(order.database(), order.backup(), file(order));
        this.pass = new OnePass(storage.locations(), item, storage.needed(), storage.pace(), compression, sealer);
    }

    /// A name of this attempt's own: a worker that lost its claim does not write over what the next one wrote.
    private String file(CaptureBackup.Order of) {
        String seal = of.storage().master() == null ? "" : ".sealed";
        return "archive" + number() + engine.ending() + compression.ending() + seal;
    }

    private String number() {
        return order.attempt() == 1 ? "" : "-" + order.attempt();
    }

    OnePass pass() {
        return pass;
    }

    Packing packing(OnePass.Written written) {
        MasterKey master = order.storage().master();
        return new Packing(
                item.file(),
                engine.content(),
                compression.label(),
                written.plainBytes(),
                written.plainSha256(),
                master == null ? null : master.name(),
                written.frames());
    }

    /// Keeps a small file to be put beside the archive, sealed as that is.
    Details.SmallFile beside(String content, byte[] bytes) {
        MasterKey master = order.storage().master();
        byte[] stored = master == null ? bytes : Sealer.whole(order.backup(), content, bytes, master);
        Digest digest = new Digest();
        digest.add(stored, 0, stored.length);
        String name = content + number() + ".sql" + (master == null ? "" : ".sealed");
        small.put(item.beside(name), stored);
        return new Details.SmallFile(name, stored.length, digest.sha256());
    }

    /// Makes it a backup.
    ///
    /// @param archive of the locations that have it
    /// @throws LocationFault when not enough of them do
    Archive publish(Function<List<Location>, Archive> archive) throws LocationFault {
        if (!Run.current().mayPublish()) {
            throw new LocationFault(LocationFault.Reason.BROKEN, "the backup was given up before it was stored", null);
        }
        named.addAll(pass.publish());
        Archive whole = archive.apply(named);
        byte[] manifest = ManifestFile.of(order.backup(), order.database(), order.name(), whole)
                .write(sealer == null ? null : sealer.manifestSeal());
        List<String> have = new ArrayList<>();
        LocationFault last = null;
        for (Location location : named) {
            try {
                told.add(location);
                for (Map.Entry<Item, byte[]> file : small.entrySet()) {
                    location.put(file.getKey(), file.getValue());
                }
                location.put(item.beside(Item.MANIFEST), manifest);
                have.add(location.name());
            } catch (LocationFault e) {
                LOG.warnf("no manifest location=%s backup=%s: %s", location.name(), order.backup(), e.getMessage());
                remove(location);
                last = e;
            }
        }
        if (last != null && have.size() < order.storage().needed()) {
            throw last;
        }
        published = true;
        return whole.in(have);
    }

    @Override
    public void close() {
        pass.close();
        if (!published) {
            named.forEach(this::remove);
        }
    }

    /// Removes what this deposit put there and nothing else: whoever took the backup over may be at work beside it.
    private void remove(Location location) {
        try {
            if (told.contains(location)) {
                location.delete(item.beside(Item.MANIFEST));
                for (Item file : small.keySet()) {
                    location.delete(file);
                }
            }
            location.delete(item);
        } catch (LocationFault e) {
            LOG.warnf("left behind location=%s item=%s: %s", location.name(), item, e.getMessage());
        }
    }
}
