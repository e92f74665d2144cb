package dev.slipway.backup.proof;

import dev.slipway.backup.disk.BackupFolder;
import dev.slipway.backup.disk.Sha256;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.Proof;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.postgres.Limits;
import dev.slipway.backup.postgres.PgClients;
import dev.slipway.backup.postgres.PostgresPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// Proves that what is stored is what was written, and that it can be read to its end.
public final class Readback {
    private final PgClients clients;
    private final PostgresPrograms programs;
    private final Clock clock;

    public Readback(PgClients clients, PostgresPrograms programs, Clock clock) {
        this.clients = clients;
        this.programs = programs;
        this.clock = clock;
    }

    /// Hashes what is stored and reads the archive to its end.
    ///
    /// @throws BackupFault `archive-damaged`
    public Proof prove(BackupFolder folder, Archive archive, Limits limits) throws BackupFault, InterruptedException {
        Instant begun = clock.instant();
        compareStored(folder, archive);
        programs.readToItsEnd(clients.forServer(archive.clientMajor()), folder.archive(), limits);
        Instant ended = clock.instant();
        return new Proof(
                ProofKind.READBACK,
                ended,
                Duration.between(begun, ended),
                "%d stored bytes have the SHA-256 they were written with; the archive was read to its end"
                        .formatted(archive.sizeBytes()));
    }

    /// The first half of it, without a client program: size and hash of what is stored now.
    /// @throws BackupFault `archive-damaged`, also when it is gone
    public static void compareStored(BackupFolder folder, Archive archive) throws BackupFault {
        Path file = folder.archive();
        try {
            long size = Files.size(file);
            if (size != archive.sizeBytes()) {
                throw new BackupFault(
                        FailureReason.ARCHIVE_DAMAGED,
                        "the stored archive has %d bytes, %d were written".formatted(size, archive.sizeBytes()));
            }
            if (!Sha256.of(file).equals(archive.sha256())) {
                throw new BackupFault(
                        FailureReason.ARCHIVE_DAMAGED,
                        "the stored archive does not have the SHA-256 it was written with");
            }
        } catch (NoSuchFileException e) {
            throw new BackupFault(FailureReason.ARCHIVE_DAMAGED, "the stored archive is gone", e);
        } catch (IOException e) {
            throw new BackupFault(
                    FailureReason.STORAGE_FAILED, "the stored archive cannot be read: " + e.getMessage(), e);
        }
    }
}
