package dev.slipway.backup.capture;

import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.location.Draft;
import dev.slipway.backup.location.Item;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.LocationFault;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/// A moment in the life of a backup in two locations at which its process is halted, as `kill -9` does.
enum KillPoint {
    /// Frames lie in both locations, more are to come.
    DUMPING,
    /// One location has every byte safe, the other does not.
    ONE_CLOSED,
    /// One location has the archive under its final name.
    ONE_NAMED,
    /// Both have the archive, neither the manifest.
    NO_MANIFEST,
    /// One location has the manifest.
    ONE_MANIFEST,
    /// Both have it; the service's database knows nothing of that.
    NOT_RECORDED,
    /// The first copy is being read.
    READING,
    /// The archive is being restored.
    RESTORING;

    /// What a process that reached its point exits with.
    static final int STATUS = 87;

    private static final int COPIES = 2;

    private static void halt() {
        Runtime.getRuntime().halt(STATUS);
    }

    /// Locations in which the process meets its end.
    List<Location> haltIn(List<Location> good) {
        Counts counts = new Counts();
        return good.stream()
                .map(location -> (Location) new Halting(location, counts))
                .toList();
    }

    /// What happened in all locations together.
    private static final class Counts {
        private final AtomicInteger frames = new AtomicInteger();
        private final AtomicInteger named = new AtomicInteger();
        private final AtomicInteger manifests = new AtomicInteger();
        private final AtomicInteger opened = new AtomicInteger();
        private int closed;
    }

    private static boolean isArchive(Item item) {
        return item.file().startsWith("archive");
    }

    private final class Halting implements Location {
        private final Location good;
        private final Counts counts;

        private Halting(Location good, Counts counts) {
            this.good = good;
            this.counts = counts;
        }

        @Override
        public String name() {
            return good.name();
        }

        @Override
        public String place() {
            return good.place();
        }

        @Override
        public Draft begin(Item item) throws LocationFault {
            Draft draft = good.begin(item);
            return isArchive(item) ? new HaltingDraft(draft, counts) : draft;
        }

        @Override
        public void put(Item item, byte[] content) throws LocationFault {
            if (!item.file().equals(Item.MANIFEST)) {
                good.put(item, content);
                return;
            }
            int before = counts.manifests.getAndIncrement();
            if ((KillPoint.this == NO_MANIFEST && before == 0) || (KillPoint.this == ONE_MANIFEST && before == 1)) {
                halt();
            }
            good.put(item, content);
            if (KillPoint.this == NOT_RECORDED && before + 1 == COPIES) {
                halt();
            }
        }

        @Override
        public InputStream open(Item item) throws LocationFault {
            InputStream in = good.open(item);
            int before = isArchive(item) ? counts.opened.getAndIncrement() : 0;
            boolean here = (KillPoint.this == READING && isArchive(item))
                    || (KillPoint.this == RESTORING && before == 2 * COPIES);
            return here ? new HaltingInput(in) : in;
        }

        @Override
        public OptionalLong size(Item item) throws LocationFault {
            return good.size(item);
        }

        @Override
        public void delete(Item item) throws LocationFault {
            good.delete(item);
        }

        @Override
        public List<Found> list() throws LocationFault {
            return good.list();
        }

        @Override
        public List<String> files(DatabaseKey database, UUID backup) throws LocationFault {
            return good.files(database, backup);
        }

        @Override
        public void removeDrafts(DatabaseKey database, UUID backup) throws LocationFault {
            good.removeDrafts(database, backup);
        }
    }

    private final class HaltingInput extends FilterInputStream {
        private HaltingInput(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int read = super.read(to, offset, Math.min(length, 64));
            halt();
            return read;
        }
    }

    private final class HaltingDraft implements Draft {
        private final Draft draft;
        private final Counts counts;

        private HaltingDraft(Draft draft, Counts counts) {
            this.draft = draft;
            this.counts = counts;
        }

        @Override
        public void write(ByteBuffer bytes) throws LocationFault {
            draft.write(bytes);
            if (KillPoint.this == DUMPING && counts.frames.incrementAndGet() == 2 * COPIES) {
                halt();
            }
        }

        @Override
        public void finish() throws LocationFault {
            synchronized (counts) {
                if (KillPoint.this == ONE_CLOSED && counts.closed == 1) {
                    halt();
                }
                draft.finish();
                counts.closed++;
            }
        }

        @Override
        public void publish() throws LocationFault {
            if (KillPoint.this == ONE_NAMED && counts.named.get() == 1) {
                halt();
            }
            draft.publish();
            counts.named.incrementAndGet();
        }

        @Override
        public void close() {
            draft.close();
        }
    }
}
