package dev.slipway.backup.engine;

import dev.slipway.backup.ledger.BackupFault;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// An empty database made for one proof, on the server of the database that was backed up; dropped when it is closed.
public interface Scratch extends AutoCloseable {
    /// For people: which database it is.
    Access access();

    /// Restores an archive into it.
    ///
    /// @param archive what the dump program wrote
    /// @throws BackupFault `restore-failed`
    /// @throws IOException when the archive could not be read
    void restore(InputStream archive) throws BackupFault, IOException, InterruptedException;

    /// Every table, named as in the snapshot, and its rows.
    SortedMap<String, Long> countRows() throws BackupFault;

    /// What it consists of besides, see [Composition].
    SortedMap<String, Long> composition() throws BackupFault;

    /// Asks a question in a session that can only read and has little time.
    ///
    /// @param sql one query
    /// @return null when the answer is one row with `true`; else what it was instead
    /// @throws BackupFault when the server could not be asked
    @Nullable
    String ask(String sql, Duration limit) throws BackupFault;

    /// Drops it, whoever is still connected.
    @Override
    void close() throws BackupFault;
}
