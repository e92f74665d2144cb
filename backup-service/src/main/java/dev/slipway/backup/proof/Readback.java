package dev.slipway.backup.proof;

import dev.slipway.backup.catalogue.BackupFiles;
import dev.slipway.backup.engine.Engines;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.Proof;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.location.Item;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.program.Deadline;
import dev.slipway.backup.program.Run;
import dev.slipway.backup.stream.Digest;
import dev.slipway.backup.stream.Unpacked;
import dev.slipway.backup.vault.SealFault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;

/// Proves that what is stored is what was written, and that it can be read to its end.
public final class Readback {
    private final Engines engines;
    private final Clock clock;

    public Readback(Engines engines, Clock clock) {
        this.engines = engines;
        this.clock = clock;
    }

    /// Reads every copy back. Of the first one the stored bytes are hashed, opened to the last frame,
    /// decompressed and hashed again, and the archive inside is read to its end. The others are hashed
    /// meanwhile: bytes with the same hash are the same bytes, and what was found of one holds for all.
    /// Last come the manifest and the small files beside the archive, in every location.
    ///
    /// @throws BackupFault `archive-damaged` of the first copy that is not what was written
    public Proof prove(Copies copies, Limits limits) throws BackupFault, InterruptedException {
        Archive archive = copies.archive();
        Run run = Run.current();
        Deadline deadline = Deadline.in(limits.total());
        Instant begun = clock.instant();
        List<Location> others = copies.locations().subList(1, copies.locations().size());
        run.begin(Run.Kind.READING, archive.packing().plainBytes() + archive.sizeBytes() * others.size());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<BackupFault>>> compared = others.stream()
                    .map(location -> threads.submit(() -> compared(copies, location, run, deadline)))
                    .toList();
            try {
                read(copies, copies.locations().getFirst(), limits, run, deadline);
                for (Future<Optional<BackupFault>> one : compared) {
                    Optional<BackupFault> fault = one.get();
                    if (fault.isPresent()) {
                        throw fault.get();
                    }
                }
                for (Location location : copies.locations()) {
                    // The manifest and what lies beside the archive are as much of the backup.
                    new BackupFiles(location, copies.item().database(), copies.backup()).checked(copies.keys());
                }
            } catch (BackupFault e) {
                // What a program says that was ended says nothing about what it read.
                throw run.isStopped() ? new BackupFault(FailureReason.INTERRUPTED, "stopped while it was read", e) : e;
            } catch (ExecutionException e) {
                throw new IllegalStateException("a copy could not be compared", e);
            } finally {
                // One that failed is enough: nobody waits for the others.
                threads.shutdownNow();
            }
        }
        Instant ended = clock.instant();
        return new Proof(
                ProofKind.READBACK,
                ended,
                Duration.between(begun, ended),
                "%d stored bytes in %s have the SHA-256 they were written with; the archive was read to its end"
                        .formatted(archive.sizeBytes(), String.join(", ", copies.names())));
    }

    private static Optional<BackupFault> compared(Copies copies, Location location, Run run, Deadline deadline) {
        try {
            compareStored(copies, location, in -> deadline.on(run.untilStopped(in)), run);
            return Optional.empty();
        } catch (BackupFault e) {
            return Optional.of(e);
        }
    }

    private void read(Copies copies, Location location, Limits limits, Run run, Deadline deadline)
            throws BackupFault, InterruptedException {
        String where = "location " + location.name();
        try (Unpacked unpacked = copies.open(location)) {
            engines.of(copies.archive())
                    .readToItsEnd(copies.archive(), deadline.on(run.untilStopped(unpacked)), limits);
            unpacked.compare(copies.archive(), where);
        } catch (BackupFault e) {
            // Which bytes are wrong is worth more than how the program stumbled over them.
            throw e.reason() == FailureReason.ARCHIVE_DAMAGED ? told(copies, location, e, run) : e;
        } catch (IOException e) {
            throw told(copies, location, fault(e, where), run);
        }
    }

    private static BackupFault told(Copies copies, Location location, BackupFault otherwise, Run run) {
        if (otherwise.reason() == FailureReason.INTERRUPTED || otherwise.reason() == FailureReason.TIME_LIMIT) {
            return otherwise;
        }
        try {
            compareStored(copies, location, run::untilStopped, run);
            return otherwise;
        } catch (BackupFault e) {
            return e;
        }
    }

    /// The first half of it, without a client program: size and hash of what is stored now.
    /// @throws BackupFault `archive-damaged`, also when it is gone
    public static void compareStored(Copies copies, Location location) throws BackupFault {
        Run run = Run.current();
        compareStored(copies, location, run::untilStopped, run);
    }

    private static void compareStored(Copies copies, Location location, UnaryOperator<InputStream> until, Run run)
            throws BackupFault {
        Archive archive = copies.archive();
        Item item = copies.item();
        String where = "location " + location.name();
        Digest digest = new Digest();
        try (InputStream in = until.apply(digest.of(location.open(item)))) {
            in.transferTo(run.passing(OutputStream.nullOutputStream()));
        } catch (IOException e) {
            throw fault(e, where);
        }
        if (digest.bytes() != archive.sizeBytes()) {
            throw new BackupFault(
                    FailureReason.ARCHIVE_DAMAGED,
                    "%s: the stored archive has %d bytes, %d were written"
                            .formatted(where, digest.bytes(), archive.sizeBytes()));
        }
        if (!digest.sha256().equals(archive.sha256())) {
            throw new BackupFault(
                    FailureReason.ARCHIVE_DAMAGED,
                    where + ": the stored archive does not have the SHA-256 it was written with");
        }
    }

    /// What it means that a copy cannot be read.
    static BackupFault fault(IOException e, String where) {
        return switch (e) {
            case Run.StoppedException stopped ->
                new BackupFault(FailureReason.INTERRUPTED, where + ": " + stopped.getMessage(), stopped);
            case Deadline.LateException late ->
                new BackupFault(FailureReason.TIME_LIMIT, where + ": " + late.getMessage(), late);
            case SealFault seal -> seal.asBackupFault(where);
            case LocationFault fault
            when fault.isMissing() ->
                new BackupFault(FailureReason.ARCHIVE_DAMAGED, where + ": the stored archive is gone", fault);
            case LocationFault fault -> fault.asBackupFault();
            // Decompressing: what was hashed or sealed well does not get here.
            default ->
                new BackupFault(
                        FailureReason.ARCHIVE_DAMAGED, "%s: it cannot be read: %s".formatted(where, e.getMessage()), e);
        };
    }
}
