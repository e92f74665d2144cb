package dev.slipway.backup.location;

import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.location.LocationFault.Reason;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/// A location that does what another one does until its mood takes over.
public final class MoodyLocation implements Location {
    private final Location good;
    private final String name;
    private final long until;
    private final Mood mood;
    private volatile boolean well;
    private final CountDownLatch struck = new CountDownLatch(1);

    /// What goes wrong with it.
    public enum Mood {
        /// Refuses to begin.
        CLOSED,
        /// Has no more room.
        FULL,
        /// Takes nothing more until it is interrupted.
        HANGING,
        /// Takes eight milliseconds for every frame: longer than whoever makes the frames, on any machine.
        SLOW,
        /// Cannot make safe what it took.
        FORGETFUL,
        /// Cannot give it its final name.
        NAMELESS,
        /// Takes no manifest.
        MUTE
    }

    /// @param until how many bytes it takes before
    public MoodyLocation(String name, Location good, Mood mood, long until) {
        this.name = name;
        this.good = good;
        this.mood = mood;
        this.until = until;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String place() {
        return good.place();
    }

    @Override
    public Draft begin(Item item) throws LocationFault {
        if (mood == Mood.CLOSED && !well) {
            throw fault(Reason.DENIED);
        }
        Draft draft = good.begin(item);
        return new Draft() {
            private long taken;

            @Override
            public void write(ByteBuffer bytes) throws LocationFault {
                taken += bytes.remaining();
                if (taken > until && !well) {
                    switch (mood) {
                        case FULL -> throw fault(Reason.FULL);
                        case HANGING -> hang();
                        case SLOW -> LockSupport.parkNanos(8_000_000);
                        case CLOSED, FORGETFUL, NAMELESS, MUTE -> {}
                    }
                }
                draft.write(bytes);
            }

            @Override
            public void finish() throws LocationFault {
                draft.finish();
                if (mood == Mood.FORGETFUL && !well) {
                    throw fault(Reason.BROKEN);
                }
            }

            @Override
            public void publish() throws LocationFault {
                if (mood == Mood.NAMELESS && !well) {
                    throw fault(Reason.BROKEN);
                }
                draft.publish();
            }

            @Override
            public void close() {
                draft.close();
            }
        };
    }

    /// Does what the good one does from now on.
    public void cheerUp() {
        well = true;
    }

    /// Waits until it hangs.
    public void awaitHanging() throws InterruptedException {
        struck.await();
    }

    private void hang() {
        struck.countDown();
        while (!Thread.interrupted()) {
            LockSupport.park();
        }
    }

    private LocationFault fault(Reason reason) {
        return new LocationFault(reason, "location %s: %s".formatted(name, mood), null);
    }

    @Override
    public void put(Item item, byte[] content) throws LocationFault {
        if (mood == Mood.MUTE && !well) {
            throw fault(Reason.BROKEN);
        }
        good.put(item, content);
    }

    @Override
    public InputStream open(Item item) throws LocationFault {
        return good.open(item);
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
