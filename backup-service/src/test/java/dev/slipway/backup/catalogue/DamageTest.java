package dev.slipway.backup.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.SourceDatabase;
import dev.slipway.backup.capture.CaptureBackup;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.proof.Readback;
import dev.slipway.testkit.TestClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whichever bit of whichever file of a stored backup is another one: it is found.
@Timeout(120)
class DamageTest {
    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMinutes(2));
    private static final Set<FailureReason> FOUND =
            Set.of(FailureReason.ARCHIVE_DAMAGED, FailureReason.KEY_WRONG, FailureReason.KEY_MISSING);
    private static final int EVERY_BYTE_OF = 8 * 1024;

    @TempDir
    Path disk;

    private final UUID backup = UUID.randomUUID();
    private final TestClock clock = TestClock.at("2026-03-01T10:00:00Z");
    private final SplittableRandom random = new SplittableRandom(20260301);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFindOneFlippedBitAnywhere(boolean sealed) throws Exception {
        Shelf shelf = sealed ? Shelf.in(disk).sealed() : Shelf.in(disk);
        SourceDatabase source = SourceDatabase.withOrders(30).withBulk(1);
        Archive archive = new CaptureBackup(Shelf.engines(disk.resolve(".run"), clock), clock)
                .capture(shelf.order(backup, source.access(), LIMITS));
        List<String> unnoticed = new ArrayList<>();
        assertThat(fault(shelf, archive)).isEmpty();

        int flipped = 0;
        for (Path file : files()) {
            byte[] written = Files.readAllBytes(file);
            for (int at : places(written.length)) {
                byte[] other = written.clone();
                other[at] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, other);
                flipped++;
                Optional<BackupFault> fault = fault(shelf, archive);
                if (fault.isEmpty() || !FOUND.contains(fault.get().reason())) {
                    unnoticed.add("%s byte %d: %s".formatted(file.getFileName(), at, fault));
                }
            }
            Files.write(file, written);
        }

        assertThat(flipped).isGreaterThan(2_000);
        // A name that no longer is "checksum" leaves a manifest that says what was written.
        assertThat(unnoticed)
                .filteredOn(told -> sealed || !told.startsWith("manifest.json"))
                .isEmpty();
        assertThat(unnoticed).hasSizeLessThanOrEqualTo("checksum".length());
    }

    /// What a look at the copy finds: its manifest with the small files, then the archive.
    private Optional<BackupFault> fault(Shelf shelf, Archive archive) throws Exception {
        Location location = shelf.storage().locations().getFirst();
        try {
            Optional<ManifestFile> manifest = new BackupFiles(location, Shelf.SHOP, backup)
                    .finished(shelf.storage().keys());
            assertThat(manifest)
                    .hasValueSatisfying(file -> assertThat(file.archive()).isEqualTo(archive));
            Readback.compareStored(shelf.copies(backup, archive), location);
            return Optional.empty();
        } catch (BackupFault fault) {
            return Optional.of(fault);
        }
    }

    private List<Path> files() throws Exception {
        try (var files = Files.list(Shelf.in(disk).folder(backup))) {
            return files.sorted().toList();
        }
    }

    /// Every byte of a small file; of a large one the beginning, the end and some in between.
    private Set<Integer> places(int length) {
        Set<Integer> places = new TreeSet<>();
        for (int at = 0; at < Math.min(length, length <= EVERY_BYTE_OF ? length : 700); at++) {
            places.add(at);
        }
        for (int more = 0; more < (length <= EVERY_BYTE_OF ? 0 : 300); more++) {
            places.add(random.nextInt(length));
            places.add(length - 1 - more / 4);
        }
        return places;
    }
}
