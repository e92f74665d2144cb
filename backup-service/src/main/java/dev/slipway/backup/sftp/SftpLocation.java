package dev.slipway.backup.sftp;

import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.location.Draft;
import dev.slipway.backup.location.Item;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.location.LocationFault.Reason;
import dev.slipway.backup.storage.LocationsFile;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.sshd.sftp.client.SftpClient.DirEntry;

/// A folder on a server that is reached by SSH. A file gets its final name when the server says that it is safe; names
/// that begin with a dot are no backups.
public final class SftpLocation implements Location, AutoCloseable {
    static final String PART = ".part";

    private static final int READ_AHEAD = 256 * 1024;

    private final LocationsFile.Sftp settings;
    private final String root;
    private final SshDoor door;

    private SftpLocation(LocationsFile.Sftp settings, SshDoor door) {
        this.settings = settings;
        this.root = settings.folder().replaceAll("/+$", "");
        this.door = door;
    }

    /// @param resolve gives the values of references, each time they are needed
    public static SftpLocation of(LocationsFile.Sftp settings, UnaryOperator<String> resolve) {
        return new SftpLocation(settings, new SshDoor(settings, resolve));
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public String place() {
        return "sftp://%s@%s:%d/%s"
                .formatted(settings.user(), settings.host(), settings.port(), root.replaceAll("^/", ""));
    }

    @Override
    public Draft begin(Item item) throws LocationFault {
        String file = path(item.path());
        SftpSession session = connect("beginning " + item);
        try {
            session.makeFolders(folderOf(file));
            return new SftpDraft(this, session, file);
        } catch (IOException e) {
            session.close();
            throw fault(e, "beginning " + item);
        }
    }

    @Override
    public void put(Item item, byte[] content) throws LocationFault {
        try (Draft draft = begin(item)) {
            draft.write(ByteBuffer.wrap(content));
            draft.finish();
            draft.publish();
        }
    }

    @Override
    public InputStream open(Item item) throws LocationFault {
        SftpSession session = connect("opening " + item);
        try {
            String file = path(item.path());
            long size = session.files().stat(file).getSize();
            InputStream in = session.files().read(file, READ_AHEAD);
            return new Whole(in, session, item, size);
        } catch (IOException e) {
            session.close();
            throw fault(e, "opening " + item);
        }
    }

    @Override
    public OptionalLong size(Item item) throws LocationFault {
        return asked("looking at " + item, session -> {
            try {
                return OptionalLong.of(session.files().stat(path(item.path())).getSize());
            } catch (IOException e) {
                if (SftpSession.isMissing(e)) {
                    return OptionalLong.empty();
                }
                throw e;
            }
        });
    }

    @Override
    public void delete(Item item) throws LocationFault {
        asked("deleting " + item, session -> {
            String file = path(item.path());
            session.remove(file);
            session.removeFolderIfEmpty(folderOf(file));
            return true;
        });
    }

    @Override
    public List<Found> list() throws LocationFault {
        return asked("listing", session -> {
            List<Found> found = new ArrayList<>();
            walk(session, "", found);
            return found;
        });
    }

    private void walk(SftpSession session, String below, List<Found> found) throws IOException {
        for (DirEntry entry : session.entries(path(below))) {
            String path = below.isEmpty() ? entry.getFilename() : below + "/" + entry.getFilename();
            if (isOwn(entry)) {
                continue;
            }
            if (entry.getAttributes().isDirectory()) {
                walk(session, path, found);
            } else {
                found.add(new Found(
                        path,
                        entry.getAttributes().getSize(),
                        entry.getAttributes().getModifyTime().toInstant()));
            }
        }
    }

    @Override
    public List<String> files(DatabaseKey database, UUID backup) throws LocationFault {
        return asked(
                "listing " + backup,
                session -> session.entries(path(folder(database, backup))).stream()
                        .filter(entry -> !isOwn(entry) && !entry.getAttributes().isDirectory())
                        .map(DirEntry::getFilename)
                        .sorted()
                        .toList());
    }

    @Override
    public void removeDrafts(DatabaseKey database, UUID backup) throws LocationFault {
        asked("removing what was left of " + backup, session -> {
            String folder = path(folder(database, backup));
            for (DirEntry entry : session.entries(folder)) {
                if (entry.getFilename().endsWith(PART)) {
                    session.remove(folder + "/" + entry.getFilename());
                }
            }
            session.removeFolderIfEmpty(folder);
            return true;
        });
    }

    private static boolean isOwn(DirEntry entry) {
        return entry.getFilename().startsWith(".") || entry.getFilename().endsWith(PART);
    }

    private static String folder(DatabaseKey database, UUID backup) {
        String folder = Item.folder(database, backup);
        return folder.substring(0, folder.length() - 1);
    }

    private String path(String below) {
        return below.isEmpty() ? root : root + "/" + below;
    }

    private static String folderOf(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }

    private SftpSession connect(String what) throws LocationFault {
        try {
            return door.open();
        } catch (IOException e) {
            throw fault(e, what);
        } catch (RuntimeException e) {
            // A reference without a value, or a key that is none.
            throw new LocationFault(Reason.DENIED, "location %s: %s: %s".formatted(name(), what, e.getMessage()), e);
        }
    }

    private interface Question<T> {
        T ask(SftpSession session) throws IOException;
    }

    private <T> T asked(String what, Question<T> question) throws LocationFault {
        try (SftpSession session = connect(what)) {
            return question.ask(session);
        } catch (LocationFault e) {
            throw e;
        } catch (IOException e) {
            throw fault(e, what);
        }
    }

    LocationFault fault(IOException e, String what) {
        return new LocationFault(
                SftpFaults.reason(e), "location %s: %s: %s".formatted(name(), what, SftpFaults.said(e)), e);
    }

    @Override
    public void close() {
        door.close();
    }

    /// A file read to the size it had: a connection that ends early is no end of the file.
    private final class Whole extends FilterInputStream {
        private final SftpSession session;
        private final Item item;
        private long left;

        Whole(InputStream in, SftpSession session, Item item, long size) {
            super(in);
            this.session = session;
            this.item = item;
            this.left = size;
        }

        @Override
        public int read() throws IOException {
            byte[] single = new byte[1];
            return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read;
            try {
                read = in.read(to, offset, (int) Math.min(length, left));
            } catch (IOException e) {
                throw fault(e, "reading " + item);
            }
            if (read < 0) {
                throw new LocationFault(
                        Reason.BROKEN,
                        "location %s: %s ended %d bytes before its size".formatted(name(), item, left),
                        null);
            }
            left -= read;
            return read;
        }

        @Override
        public void close() {
            session.close();
        }
    }
}
