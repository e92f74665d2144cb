package dev.slipway.backup.engine;

import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.storage.Storage;
import dev.slipway.backup.stream.Compression;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// What can be done with the databases of one kind of server. Everything else about a backup — where its bytes go, how
/// they are sealed, what is written down of it — is the same for all.
public interface Engine {
    /// What its dump programs write, as `Packing` names it.
    String content();

    /// What the name of such a file ends with, before it is compressed: `.dump`.
    String ending();

    /// What is still to be compressed around the dump.
    Compression around(Storage.Method method);

    /// Dumps one moment of the database and says what it saw in that moment.
    ///
    /// @throws BackupFault with the reason; what is in `sink` is then no dump
    Dumped dump(Job job, Storage.Method method, OutputStream sink) throws BackupFault, InterruptedException;

    /// The accounts of the server without their passwords, as SQL.
    ///
    /// @throws BackupFault when this one may not see them
    byte[] roles(Job job, Dumped dumped) throws BackupFault, InterruptedException;

    /// Reads what a dump program wrote to its end, and finds whether it is whole.
    ///
    /// @throws BackupFault `archive-damaged`
    /// @throws IOException when it could not be read
    void readToItsEnd(Archive archive, InputStream content, Limits limits)
            throws BackupFault, IOException, InterruptedException;

    /// A scratch database for this archive; one that a lost worker left is replaced.
    Scratch scratch(Job job, Archive archive) throws BackupFault, InterruptedException;

    /// Removes what a lost worker of this backup left on the server and on this machine.
    void tidyUp(Job lost) throws BackupFault;

    /// Drops the scratch databases of other backups.
    ///
    /// @param over which of those that are there may go
    /// @return the backups whose scratch databases are gone now
    Collection<UUID> dropScratch(Job job, UnaryOperator<Set<UUID>> over) throws BackupFault;
}
