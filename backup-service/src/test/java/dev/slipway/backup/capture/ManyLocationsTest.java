package dev.slipway.backup.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.SourceDatabase;
import dev.slipway.backup.catalogue.BackupFiles;
import dev.slipway.backup.engine.Engines;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.location.DiskLocation;
import dev.slipway.backup.location.Item;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.MoodyLocation;
import dev.slipway.backup.location.MoodyLocation.Mood;
import dev.slipway.backup.proof.Readback;
import dev.slipway.backup.proof.RestoreDrill;
import dev.slipway.backup.s3.FaultyProxy;
import dev.slipway.backup.s3.S3Server;
import dev.slipway.backup.storage.LocationsFile;
import dev.slipway.backup.storage.Storage;
import dev.slipway.backup.vault.Keyring;
import dev.slipway.backup.vault.MasterKey;
import dev.slipway.backup.vault.SealFault;
import dev.slipway.testkit.TestClock;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// One dump in several locations, sealed.
@Timeout(120)
class ManyLocationsTest {
    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMinutes(2));
    private static final SourceDatabase SOURCE =
            SourceDatabase.withOrders(3_000).withBulk(3);

    private static final int FRAME = 64 * 1024;

    @TempDir
    Path root;

    private final UUID backup = UUID.randomUUID();
    private final TestClock clock = TestClock.at("2026-03-01T10:00:00Z");

    @ParameterizedTest
    @EnumSource(Storage.Method.class)
    void shouldTakeReadBackAndRestoreWhatIsOnDiskAndInABucket(Storage.Method method) throws Exception {
        Location bucket = S3Server.location(S3Server.newBucket());
        Shelf shelf = shelf(2, method, disk("a"), bucket);

        Archive archive = capture(shelf);

        assertThat(archive.locations()).containsExactly("a", "offsite");
        assertThat(archive.packing().key()).isEqualTo("first");
        assertThat(readback().prove(shelf.copies(backup, archive), LIMITS).detail())
                .contains("in a, offsite");
        assertThat(RestoreDrill.proof(drill().drill(shelf.copies(backup, archive), SOURCE.access(), List.of(), LIMITS))
                        .detail())
                .contains(archive.totalRows() + " rows");
        try (var in = bucket.open(new Item(Shelf.SHOP, backup, archive.packing().file()))) {
            assertThat(in.readAllBytes())
                    .isEqualTo(Files.readAllBytes(file("a", archive.packing().file())));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Mood.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SLOW"})
    void shouldBeCompleteInTheLocationsThatAreNeeded(Mood mood) throws Exception {
        Shelf shelf = shelf(1, Storage.Method.ZSTD, disk("a"), moody(mood));

        Archive archive = capture(shelf);

        assertThat(archive.locations()).containsExactly("a");
        assertThat(Shelf.everything(root))
                .containsExactly(
                        path("a", archive.packing().file()), path("a", "manifest.json"), path("a", "roles.sql.sealed"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Mood.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SLOW"})
    void shouldLeaveNothingAnywhereWhenNotEnoughLocationsHaveIt(Mood mood) {
        Shelf shelf = shelf(2, Storage.Method.ZSTD, disk("a"), moody(mood));

        BackupFault fault = catchThrowableOfType(BackupFault.class, () -> capture(shelf));

        assertThat(fault.reason())
                .isIn(
                        FailureReason.STORAGE_FAILED,
                        FailureReason.STORAGE_FULL,
                        FailureReason.STORAGE_DENIED,
                        FailureReason.STORAGE_UNREACHABLE);
        assertThat(fault).hasMessageContaining("location moody");
        assertThat(Shelf.everything(root)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ANSWER, 500, InternalError",
        "ANSWER, 503, SlowDown",
        "ANSWER, 403, AccessDenied",
        "ANSWER, 404, NoSuchBucket",
        "SILENCE, 0, -"
    })
    void shouldBeCompleteOnDiskWhateverTheBucketAnswers(FaultyProxy.Kind kind, int status, String code)
            throws Exception {
        LocationsFile.S3 good = S3Server.newBucket();
        try (FaultyProxy proxy = new FaultyProxy()) {
            if (kind == FaultyProxy.Kind.ANSWER) {
                proxy.answering(status, code, "PUT", "/", 1_000);
            } else {
                proxy.with(kind, "PUT", "/", 1_000);
            }
            Location bucket = S3Server.location(new LocationsFile.S3(
                    good.name(),
                    good.bucket(),
                    good.region(),
                    proxy.endpoint(),
                    good.prefix(),
                    true,
                    "access",
                    "secret",
                    null,
                    null,
                    null,
                    Duration.ofSeconds(1)));

            Archive archive = capture(shelf(1, Storage.Method.ZSTD, disk("a"), bucket));

            assertThat(archive.locations()).containsExactly("a");
            assertThat(S3Server.location(good).list()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"manifest.json", "roles.sql.sealed"})
    void shouldFindAChangedSmallFileAmongGoodOnes(String file) throws Exception {
        Shelf shelf = shelf(2, Storage.Method.ZSTD, disk("a"), disk("b"));
        Archive archive = capture(shelf);
        byte[] bytes = Files.readAllBytes(file("b", file));
        bytes[bytes.length / 2] ^= 1;
        Files.write(file("b", file), bytes);

        BackupFault fault =
                catchThrowableOfType(BackupFault.class, () -> readback().prove(shelf.copies(backup, archive), LIMITS));

        assertThat(fault.reason()).isEqualTo(FailureReason.ARCHIVE_DAMAGED);
        assertThat(fault).hasMessageContaining("location b");
    }

    @Test
    void shouldFindAFlippedBitInTheManifest() throws Exception {
        Shelf shelf = shelf(1, Storage.Method.ZSTD, disk("a"));
        capture(shelf);
        Path manifest = file("a", "manifest.json");
        Files.writeString(
                manifest, Files.readString(manifest).replace("\"public.orders\" : 3000", "\"public.orders\" : 3001"));

        BackupFault fault = finished(shelf, backup);

        assertThat(fault.reason()).isEqualTo(FailureReason.ARCHIVE_DAMAGED);
        assertThat(fault).hasMessageContaining("was changed");
    }

    @Test
    void shouldFindSwappedManifests() throws Exception {
        Shelf shelf = shelf(1, Storage.Method.ZSTD, disk("a"));
        Archive archive = capture(shelf);
        UUID other = UUID.randomUUID();
        new CaptureBackup(engines(), clock).capture(shelf.order(other, SOURCE.access(), LIMITS));
        Path theirs = root.resolve("a").resolve(new Item(Shelf.SHOP, other, "manifest.json").path());

        Files.copy(theirs, file("a", "manifest.json"), StandardCopyOption.REPLACE_EXISTING);
        BackupFault swapped = finished(shelf, backup);
        // Whoever swaps them may change the id as well.
        Files.writeString(
                file("a", "manifest.json"), Files.readString(theirs).replace(other.toString(), backup.toString()));
        BackupFault disguised = finished(shelf, backup);

        assertThat(swapped).hasMessageContaining("belongs to backup " + other);
        assertThat(disguised.reason()).isEqualTo(FailureReason.ARCHIVE_DAMAGED);
        assertThat(archive.packing().hasSeal()).isTrue();
    }

    @Test
    void shouldFindADamagedCopyAmongGoodOnes() throws Exception {
        Shelf shelf = shelf(2, Storage.Method.ZSTD, disk("a"), disk("b"));
        Archive archive = capture(shelf);
        try (var file = new RandomAccessFile(file("b", archive.packing().file()).toFile(), "rw")) {
            file.seek(file.length() / 2);
            int was = file.read();
            file.seek(file.length() / 2);
            file.write(was ^ 4);
        }

        BackupFault fault =
                catchThrowableOfType(BackupFault.class, () -> readback().prove(shelf.copies(backup, archive), LIMITS));

        assertThat(fault.reason()).isEqualTo(FailureReason.ARCHIVE_DAMAGED);
        assertThat(fault).hasMessageContaining("location b").hasMessageContaining("SHA-256");
    }

    /// What a restore reads is found out on its way, before the end of it could be taken for the end of the dump.
    @ParameterizedTest
    @ValueSource(strings = {"cut", "swapped"})
    void shouldFindFramesThatAreNotWhereTheyWereWritten(String damage) throws Exception {
        Shelf shelf = shelf(1, Storage.Method.ZSTD, disk("a"));
        Archive archive = capture(shelf);
        Path file = file("a", archive.packing().file());
        byte[] bytes = Files.readAllBytes(file);
        int frames = 12 + ByteBuffer.wrap(bytes).getInt(8);
        int whole = (bytes.length - frames - 1) / FRAME;
        byte[] damaged = Arrays.copyOf(bytes, damage.equals("cut") ? frames + whole * FRAME : bytes.length);
        if (damage.equals("swapped")) {
            System.arraycopy(bytes, frames, damaged, frames + FRAME, FRAME);
            System.arraycopy(bytes, frames + FRAME, damaged, frames, FRAME);
        }
        Files.write(file, damaged);

        BackupFault fault =
                catchThrowableOfType(BackupFault.class, () -> readback().prove(shelf.copies(backup, archive), LIMITS));
        SealFault restoring = catchThrowableOfType(SealFault.class, () -> {
            try (var content = shelf.copies(backup, archive).open()) {
                content.transferTo(OutputStream.nullOutputStream());
            }
        });

        assertThat(whole).isGreaterThanOrEqualTo(2);
        assertThat(fault.reason()).isEqualTo(FailureReason.ARCHIVE_DAMAGED);
        assertThat(restoring.reason())
                .isEqualTo(damage.equals("cut") ? SealFault.Reason.CUT : SealFault.Reason.DAMAGED);
    }

    @Test
    void shouldSayThatTheMasterKeyIsLost() throws Exception {
        Shelf shelf = shelf(1, Storage.Method.ZSTD, disk("a"));
        Archive archive = capture(shelf);

        BackupFault fault = catchThrowableOfType(
                BackupFault.class,
                () -> readback().prove(shelf.with(Keyring.empty()).copies(backup, archive), LIMITS));

        assertThat(fault.reason()).isEqualTo(FailureReason.KEY_MISSING);
        assertThat(fault).hasMessageContaining("'first'");
    }

    @Test
    void shouldSayThatTheMasterKeyIsAnotherOne() throws Exception {
        Shelf shelf = shelf(1, Storage.Method.ZSTD, disk("a"));
        Archive archive = capture(shelf);
        Keyring wrong = Keyring.ofOne(MasterKey.of("first", "ff".repeat(32)));

        BackupFault fault = catchThrowableOfType(
                BackupFault.class, () -> readback().prove(shelf.with(wrong).copies(backup, archive), LIMITS));

        assertThat(fault.reason()).isEqualTo(FailureReason.KEY_WRONG);
    }

    @Test
    void shouldBeReadableByThePlainToolsWhenCompressedByGzip() throws Exception {
        Shelf shelf = Shelf.in(root).by(Storage.Method.GZIP);
        Archive archive = capture(shelf);
        Process restore = new ProcessBuilder(
                        "pg_restore",
                        "-f",
                        "/dev/null",
                        shelf.archive(backup, archive).toString())
                .start();

        assertThat(restore.waitFor()).isZero();
    }

    @Test
    void shouldNotWriteWhatItHoldsIntoTheOpen() throws Exception {
        Shelf shelf = shelf(1, Storage.Method.GZIP, disk("a"));
        Archive archive = capture(shelf);

        byte[] stored = Files.readAllBytes(file("a", archive.packing().file()));

        assertThat(new String(stored, "ISO-8859-1")).doesNotContain("PGDMP").doesNotContain("Shop-");
        assertThat(new ByteArrayInputStream(stored).readNBytes(7)).asString().isEqualTo("SLIPWAY");
    }

    private BackupFault finished(Shelf shelf, UUID of) {
        return catchThrowableOfType(
                BackupFault.class,
                () -> new BackupFiles(disk("a"), Shelf.SHOP, of)
                        .finished(shelf.storage().keys()));
    }

    private Archive capture(Shelf shelf) throws Exception {
        return new CaptureBackup(engines(), clock).capture(shelf.order(backup, SOURCE.access(), LIMITS));
    }

    private Shelf shelf(int needed, Storage.Method method, Location... locations) {
        return Shelf.of(root, new ArrayList<>(List.of(locations)), needed, method, Shelf.MASTER);
    }

    private Location disk(String name) {
        return new DiskLocation(name, root.resolve(name));
    }

    private Location moody(Mood mood) {
        return new MoodyLocation("moody", disk("moody"), mood, 1_000_000);
    }

    private Path file(String location, String file) {
        return root.resolve(path(location, file));
    }

    private String path(String location, String file) {
        return location + "/" + new Item(Shelf.SHOP, backup, file).path();
    }

    private Readback readback() {
        return new Readback(engines(), clock);
    }

    private RestoreDrill drill() {
        return new RestoreDrill(engines(), clock);
    }

    private Engines engines() {
        return Shelf.engines(root.resolve(".run"), clock);
    }
}
