package dev.slipway.backup.location;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import org.jboss.logging.Logger;

/// A file on its way to a disk: written beside its place, synced, renamed, its folder synced.
final class DiskDraft implements Draft {
    private static final Logger LOG = Logger.getLogger(DiskDraft.class);

    private final DiskLocation location;
    private final Path file;
    private final Path part;
    private final FileChannel channel;
    private boolean published;

    DiskDraft(DiskLocation location, Path file) throws IOException {
        this.location = location;
        this.file = file;
        this.part = file.resolveSibling(UUID.randomUUID() + DiskLocation.PART);
        this.channel = DiskLocation.create(part);
    }

    @Override
    public void write(ByteBuffer bytes) throws LocationFault {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw location.fault(e, "writing " + file.getFileName());
        }
    }

    @Override
    public void finish() throws LocationFault {
        try {
            channel.force(true);
            channel.close();
        } catch (IOException e) {
            throw location.fault(e, "syncing " + file.getFileName());
        }
    }

    @Override
    public void publish() throws LocationFault {
        try {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            published = true;
            location.syncUpwards(file.getParent());
        } catch (IOException e) {
            throw location.fault(e, "naming " + file.getFileName());
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
            if (!published) {
                Files.deleteIfExists(part);
                location.removeIfEmpty(file.getParent());
            }
        } catch (IOException e) {
            LOG.warnf("draft left behind location=%s file=%s: %s", location.name(), part, e);
        }
    }
}
