package dev.slipway.backup.mariadb;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Keeps everybody from writing for as short as it can: from before two sessions begin to read until it is seen that
/// the dump program, the second of them, has begun. What it writes tells it: only its header comes before its
/// transaction.
///
/// What takes too long until then must not keep a whole server waiting: after a while the session that holds the
/// writers is cut, and with it the backup.
final class OneMoment extends OutputStream {
    private final MariadbSession session;
    private final OutputStream sink;
    private final DumpScan scan;
    private final DumpContents contents;
    private final CountDownLatch released = new CountDownLatch(1);
    private boolean holding;

    /// @param holding whether the session holds the writers
    OneMoment(MariadbSession session, OutputStream sink, DumpContents contents, boolean holding, Duration longest) {
        this.session = session;
        this.sink = sink;
        this.contents = contents;
        this.scan = new DumpScan(contents);
        this.holding = holding;
        if (holding) {
            Thread.ofVirtual().name("backup-moment").start(() -> cutAfter(longest));
        }
    }

    @Override
    public void write(int single) throws IOException {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        scan.write(bytes, offset, length);
        if (holding && contents.isPastHeader()) {
            release();
        }
        sink.write(bytes, offset, length);
    }

    /// @return whether the dump ended where a statement does
    boolean finish() throws IOException {
        boolean whole = scan.finish();
        release();
        return whole;
    }

    /// Nobody is held any more: by the end of the session, if not before.
    @Override
    public void close() {
        released.countDown();
    }

    private void release() throws IOException {
        if (!holding) {
            return;
        }
        holding = false;
        released.countDown();
        try {
            session.letWrite();
        } catch (SQLException e) {
            throw new IOException("letting others write again: " + e.getMessage(), e);
        }
    }

    private void cutAfter(Duration longest) {
        try {
            if (!released.await(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                session.abort();
            }
        } catch (InterruptedException _) {
            session.abort();
        }
    }
}
