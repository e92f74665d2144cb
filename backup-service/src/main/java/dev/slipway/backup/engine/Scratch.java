package dev.slipway.backup.engine;

import dev.slipway.backup.ledger.BackupFault;
import java.io.IOException;
import java.io.InputStream;
import java.util.SortedMap;

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

    /// Drops it, whoever is still connected.
    @Override
    void close() throws BackupFault;
}
