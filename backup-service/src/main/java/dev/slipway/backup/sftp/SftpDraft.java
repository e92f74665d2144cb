package dev.slipway.backup.sftp;

import dev.slipway.backup.location.Draft;
import dev.slipway.backup.location.LocationFault;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.UUID;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClient.OpenMode;
import org.jboss.logging.Logger;

/// A file on its way to a server: written beside its place, synced, renamed.
final class SftpDraft implements Draft {
    private static final Logger LOG = Logger.getLogger(SftpDraft.class);
    private static final int PRIVATE_FILE = 0600;
    private static final int BUFFER = 128 * 1024;

    private final SftpLocation location;
    private final SftpSession session;
    private final String file;
    private final String part;
    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER];
    private boolean published;

    SftpDraft(SftpLocation location, SftpSession session, String file) throws IOException {
        this.location = location;
        this.session = session;
        this.file = file;
        this.part = file.substring(0, file.lastIndexOf('/') + 1) + UUID.randomUUID() + SftpLocation.PART;
        this.out = session.files().write(part, BUFFER, Set.of(OpenMode.Write, OpenMode.Create, OpenMode.Exclusive));
        session.files().setStat(part, new SftpClient.Attributes().perms(PRIVATE_FILE));
    }

    @Override
    public void write(ByteBuffer bytes) throws LocationFault {
        try {
            while (bytes.hasRemaining()) {
                int count = Math.min(bytes.remaining(), buffer.length);
                bytes.get(buffer, 0, count);
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            throw location.fault(e, "writing " + file);
        }
    }

    @Override
    public void finish() throws LocationFault {
        try {
            out.close();
            session.sync(part);
        } catch (IOException e) {
            throw location.fault(e, "finishing " + file);
        }
    }

    @Override
    public void publish() throws LocationFault {
        try {
            session.rename(part, file);
            published = true;
        } catch (IOException e) {
            throw location.fault(e, "naming " + file);
        }
    }

    @Override
    public void close() {
        try (session) {
            if (!published) {
                session.remove(part);
                session.removeFolderIfEmpty(file.substring(0, file.lastIndexOf('/')));
            }
        } catch (IOException e) {
            LOG.warnf("draft left behind location=%s file=%s: %s", location.name(), part, e.getMessage());
        }
    }
}
