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

    private final AtomicInteger frames = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger named = new AtomicInteger();
    private final AtomicInteger manifests = new AtomicInteger();
    private final AtomicInteger opened = new AtomicInteger();

    private void halt() {
        Runtime.getRuntime().halt(STATUS);
    }

    /// A location in which the process meets its end.
    Location haltIn(Location good) {
        return new Halting(good);
    }

    private boolean isArchive(Item item) {
        return item.file().startsWith("archive");
    }

    private final class Halting implements Location {
        private final Location good;

        private Halting(Location good) {
            this.good = good;
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
            return isArchive(item) ? new HaltingDraft(draft) : draft;
        }

        @Override
        public void put(Item item, byte[] content) throws LocationFault {
            if (!item.file().equals(Item.MANIFEST)) {
                good.put(item, content);
                return;
            }
            int before = manifests.getAndIncrement();
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
            int before = isArchive(item) ? opened.getAndIncrement() : 0;
            boolean here =
                    (KillPoint.this == READING && isArchive(item)) || (KillPoint.this == RESTORING && before == COPIES);
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

        private HaltingDraft(Draft draft) {
            this.draft = draft;
        }

        @Override
        public void write(ByteBuffer bytes) throws LocationFault {
            draft.write(bytes);
            if (KillPoint.this == DUMPING && frames.incrementAndGet() == 2 * COPIES) {
                halt();
            }
        }

        @Override
        public void finish() throws LocationFault {
            synchronized (closed) {
                if (KillPoint.this == ONE_CLOSED && closed.get() == 1) {
                    halt();
                }
                draft.finish();
                closed.incrementAndGet();
            }
        }

        @Override
        public void publish() throws LocationFault {
            if (KillPoint.this == ONE_NAMED && named.get() == 1) {
                halt();
            }
            draft.publish();
            named.incrementAndGet();
        }

        @Override
        public void close() {
            draft.close();
        }
    }
}
