package dev.slipway.backup.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.SourceDatabase;
import dev.slipway.backup.capture.CaptureBackup;
import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Engines;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.engine.ScratchName;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Archives;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.Proof;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.location.DiskLocation;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.postgres.PostgresSession;
import dev.slipway.backup.postgres.ScratchDatabase;
import dev.slipway.backup.program.Run;
import dev.slipway.backup.storage.Storage;
import dev.slipway.testkit.TestClock;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ProofTest {
    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMinutes(2));

    @TempDir
    Path disk;

    private final UUID backup = UUID.randomUUID();
    private final TestClock clock = TestClock.at("2026-03-01T10:00:00Z");
    private final SourceDatabase source = SourceDatabase.withOrders(5_000);
    private Engines engines;
    private Archive archive;

    @BeforeEach
    void capture() throws Exception {
        take(shelf());
    }

    private void take(Shelf onto) throws Exception {
        engines = Shelf.engines(disk.resolve(".run"), clock);
        archive = new CaptureBackup(engines, clock).capture(onto.order(backup, source.access(), LIMITS));
    }

    @Test
    void shouldProveByReadingBack() throws Exception {
        Proof proof = readback(archive);

        assertThat(proof.kind()).isEqualTo(ProofKind.READBACK);
        assertThat(proof.at()).isEqualTo("2026-03-01T10:00:00Z");
        assertThat(proof.detail()).contains(archive.sizeBytes() + " stored bytes");
    }

    @Test
    void shouldFindHalfAnArchive() throws Exception {
        truncate(archive.sizeBytes() / 2);

        assertThat(damageFoundBySize()).isEqualTo(FailureReason.ARCHIVE_DAMAGED);
        assertThat(damageFoundByReading()).isEqualTo(FailureReason.ARCHIVE_DAMAGED);
    }

    @Test
    void shouldFindThatTheLastBytesAreMissing() throws Exception {
        truncate(archive.sizeBytes() - 10);

        assertThat(damageFoundBySize()).isEqualTo(FailureReason.ARCHIVE_DAMAGED);
        assertThat(damageFoundByReading()).isEqualTo(FailureReason.ARCHIVE_DAMAGED);
    }

    @Test
    void shouldFindOneFlippedBitAlthoughTheArchiveCanBeListed() throws Exception {
        take(shelf().by(Storage.Method.GZIP));
        flipBit(archive.sizeBytes() - 2_000);

        BackupFault fault = catchThrowableOfType(BackupFault.class, () -> readback(archive));

        assertThat(listed()).isZero();
        assertThat(fault.reason()).isEqualTo(FailureReason.ARCHIVE_DAMAGED);
        assertThat(fault).hasMessageContaining("SHA-256");
    }

    @Test
    void shouldFindAFlippedBitThatTheProgramDoesNotMind() throws Exception {
        take(shelf().by(Storage.Method.GZIP));
        String text = Files.readString(file(), java.nio.charset.StandardCharsets.ISO_8859_1);
        flipBit(text.indexOf("nothing_yet"));

        BackupFault fault = catchThrowableOfType(BackupFault.class, () -> readback(archive));

        assertThat(listed()).isZero();
        assertThat(fault.reason()).isEqualTo(FailureReason.ARCHIVE_DAMAGED);
        assertThat(fault).hasMessageContaining("SHA-256");
    }

    @Test
    void shouldFindThatTheArchiveIsGone() throws Exception {
        Files.delete(file());

        BackupFault fault = catchThrowableOfType(BackupFault.class, () -> readback(archive));

        assertThat(fault.reason()).isEqualTo(FailureReason.ARCHIVE_DAMAGED);
    }

    @Test
    void shouldHashTheOtherCopiesWhileItReadsTheFirst() throws Exception {
        CountDownLatch secondIsRead = new CountDownLatch(1);
        Location first = reading(
                disk("a"),
                () -> assertThat(secondIsRead.await(30, TimeUnit.SECONDS)).isTrue());
        Location second = reading(disk("b"), secondIsRead::countDown);
        take(Shelf.of(disk, List.of(disk("a"), disk("b")), 2, Storage.Method.ZSTD, Shelf.MASTER));
        Shelf watched = Shelf.of(disk, List.of(first, second), 2, Storage.Method.ZSTD, Shelf.MASTER);
        Run run = new Run(backup, () -> true);

        Proof proof = ScopedValue.where(Run.CURRENT, run)
                .call(() -> new Readback(engines, clock).prove(watched.copies(backup, archive), LIMITS));

        assertThat(proof.detail()).contains("in a, b");
        assertThat(secondIsRead.getCount()).isZero();
        assertThat(run.stage().expectedBytes()).isEqualTo(archive.packing().plainBytes() + archive.sizeBytes());
        assertThat(run.stage().passed().sum())
                .as("with what programs say of their versions")
                .isBetween(run.stage().expectedBytes(), run.stage().expectedBytes() + 1_000);
    }

    @Test
    void shouldTakeNothingForDamagedThatNobodyWantedToReadOn() throws Exception {
        Run run = new Run(backup, () -> true);
        take(Shelf.of(disk, List.of(disk("a"), disk("b")), 2, Storage.Method.ZSTD, Shelf.MASTER));
        Location first = reading(disk("a"), run::stop);
        Shelf stopping = Shelf.of(disk, List.of(first, disk("b")), 2, Storage.Method.ZSTD, Shelf.MASTER);

        BackupFault fault = catchThrowableOfType(
                BackupFault.class,
                () -> ScopedValue.where(Run.CURRENT, run)
                        .call(() -> new Readback(engines, clock).prove(stopping.copies(backup, archive), LIMITS)));

        assertThat(fault.reason()).isEqualTo(FailureReason.INTERRUPTED);
    }

    @Test
    void shouldProveByRestoring() throws Exception {
        Proof proof = restore(archive);

        assertThat(proof.kind()).isEqualTo(ProofKind.RESTORE);
        assertThat(proof.detail()).contains("3 tables, 5002 rows");
        assertThat(source.scratchDatabases()).doesNotContain(ScratchName.of(backup));
    }

    @Test
    void shouldRefuseARestoreWithARowMissing() {
        var oneMore = new TreeMap<>(archive.tables());
        oneMore.merge("public.orders", 1L, Long::sum);
        Archive countedOneMore = Archives.counted(archive, oneMore);

        BackupFault fault = catchThrowableOfType(BackupFault.class, () -> restore(countedOneMore));

        assertThat(fault.reason()).isEqualTo(FailureReason.COUNTS_DIFFER);
        assertThat(fault).hasMessage("public.orders: 5001 in the snapshot, 5000 restored");
        assertThat(source.scratchDatabases()).doesNotContain(ScratchName.of(backup));
    }

    @Test
    void shouldRefuseARestoreWithATableMissing() {
        var oneMore = new TreeMap<>(archive.tables());
        oneMore.put("public.payments", 0L);
        Archive countedOneMore = Archives.counted(archive, oneMore);

        BackupFault fault = catchThrowableOfType(BackupFault.class, () -> restore(countedOneMore));

        assertThat(fault.reason()).isEqualTo(FailureReason.COUNTS_DIFFER);
        assertThat(fault).hasMessage("public.payments: 0 in the snapshot, no such table restored");
    }

    @Test
    void shouldDropTheScratchDatabaseWhenTheRestoreFails() throws Exception {
        truncate(archive.sizeBytes() / 2);

        BackupFault fault = catchThrowableOfType(BackupFault.class, () -> restore(archive));

        assertThat(fault.reason()).isEqualTo(FailureReason.ARCHIVE_DAMAGED);
        assertThat(source.scratchDatabases()).doesNotContain(ScratchName.of(backup));
    }

    @Test
    void shouldReplaceTheScratchDatabaseOfAKilledRun() throws Exception {
        try (PostgresSession session = PostgresSession.open(source.access(), backup, LIMITS)) {
            ScratchDatabase.create(source.access(), backup, LIMITS);
        }

        Proof proof = restore(archive);

        assertThat(proof.kind()).isEqualTo(ProofKind.RESTORE);
        assertThat(source.scratchDatabases()).doesNotContain(ScratchName.of(backup));
    }

    /// The server's own work in a database belongs to no role, so a role cannot end it as it ends a session.
    @Test
    void shouldDropTheScratchDatabaseWhileTheServerVacuumsIt() throws Exception {
        source.jdbi().useHandle(handle -> {
            handle.execute("alter system set autovacuum_naptime = 1");
            handle.execute("select pg_reload_conf()");
        });
        try (ScratchDatabase scratch = ScratchDatabase.create(source.access(), backup, LIMITS)) {
            source.in(scratch.access().database()).useHandle(handle -> {
                handle.execute("""
                        create table slow_to_vacuum with (autovacuum_vacuum_threshold = 0,
                            autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)
                        as select n, repeat('x', 1000) as text from generate_series(1, 20000) n""");
                handle.execute("delete from slow_to_vacuum where n % 2 = 0");
            });
            assertThat(source.isVacuumed(scratch.access().database())).isTrue();
        } finally {
            source.jdbi().useHandle(handle -> {
                handle.execute("alter system reset autovacuum_naptime");
                handle.execute("select pg_reload_conf()");
            });
        }

        assertThat(source.scratchDatabases()).doesNotContain(ScratchName.of(backup));
    }

    @Test
    void shouldSayWhichRightIsMissing() {
        source.jdbi().useHandle(handle -> handle.execute("alter role keeper nocreatedb"));
        BackupFault fault;
        try {
            fault = catchThrowableOfType(BackupFault.class, () -> restore(archive));
        } finally {
            source.jdbi().useHandle(handle -> handle.execute("alter role keeper createdb"));
        }

        assertThat(fault.reason()).isEqualTo(FailureReason.ACCESS_DENIED);
        assertThat(fault).hasMessageContaining("CREATEDB");
    }

    @Test
    void shouldNeverDropTheSource() throws Exception {
        Access misleading = source.access().on(ScratchName.of(backup));
        IllegalArgumentException refused;
        try (PostgresSession session = PostgresSession.open(source.access(), backup, LIMITS)) {
            refused = catchThrowableOfType(
                    IllegalArgumentException.class, () -> ScratchDatabase.drop(session, misleading, backup));
        }

        assertThat(refused).hasMessageContaining("refusing");
    }

    @Test
    void shouldLeaveNoPasswordBehind() throws Exception {
        readback(archive);
        restore(archive);

        assertThat(disk.resolve(".run")).isEmptyDirectory();
    }

    private Location disk(String name) {
        return new DiskLocation(name, disk.resolve(name));
    }

    private interface Act {
        void act() throws InterruptedException;
    }

    /// One that does something before any byte is read.
    private static Location reading(Location good, Act first) {
        return (Location) Proxy.newProxyInstance(
                Location.class.getClassLoader(), new Class<?>[] {Location.class}, (_, method, arguments) -> {
                    Object answer = method.invoke(good, arguments);
                    if (method.getName().equals("open")) {
                        first.act();
                    }
                    return answer;
                });
    }

    private Proof readback(Archive of) throws Exception {
        return new Readback(engines, clock).prove(shelf().copies(backup, of), LIMITS);
    }

    private Proof restore(Archive of) throws Exception {
        return RestoreDrill.proof(
                new RestoreDrill(engines, clock).drill(shelf().copies(backup, of), source.access(), List.of(), LIMITS));
    }

    private FailureReason damageFoundBySize() {
        return catchThrowableOfType(BackupFault.class, () -> readback(archive)).reason();
    }

    /// The second half of the reading back on its own: size and hash are taken from the damaged file.
    private FailureReason damageFoundByReading() throws IOException {
        Archive damaged = Archives.stored(archive, Files.readAllBytes(file()));
        return catchThrowableOfType(BackupFault.class, () -> readback(damaged)).reason();
    }

    private int listed() throws Exception {
        Process list = new ProcessBuilder("pg_restore", "--list", file().toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return list.waitFor();
    }

    private void truncate(long size) throws IOException {
        try (var file = new RandomAccessFile(file().toFile(), "rw")) {
            file.setLength(size);
        }
    }

    private void flipBit(long at) throws IOException {
        try (var file = new RandomAccessFile(file().toFile(), "rw")) {
            file.seek(at);
            int was = file.read();
            file.seek(at);
            file.write(was ^ 1);
        }
    }

    private Path file() {
        return shelf().archive(backup, archive);
    }

    private Shelf shelf() {
        return Shelf.in(disk);
    }
}
