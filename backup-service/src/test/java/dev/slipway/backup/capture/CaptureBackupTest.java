package dev.slipway.backup.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.SourceDatabase;
import dev.slipway.backup.catalogue.BackupFiles;
import dev.slipway.backup.catalogue.ManifestFile;
import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Engines;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.engine.ServerKind;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.postgres.PostgresSession;
import dev.slipway.backup.proof.RestoreDrill;
import dev.slipway.backup.vault.Keyring;
import dev.slipway.testkit.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CaptureBackupTest {
    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMinutes(2));

    @TempDir
    Path disk;

    private final UUID backup = UUID.randomUUID();
    private final TestClock clock = TestClock.at("2026-03-01T10:00:00Z");

    @Test
    void shouldStoreArchiveWithTheRowsOfItsSnapshot() throws Exception {
        SourceDatabase source = SourceDatabase.withOrders(250);

        Archive archive = capture(source.access(), LIMITS);

        assertThat(archive.tables())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("public.orders", 250L, "stock.\"Item\"", 2L, "public.nothing_yet", 0L));
        assertThat(archive.totalRows()).isEqualTo(252);
        assertThat(archive.snapshotAt()).isEqualTo("2026-03-01T10:00:00Z");
        assertThat(archive.serverVersion()).startsWith("15.");
        assertThat(archive.sizeBytes()).isEqualTo(Files.size(shelf().archive(backup, archive)));
        assertThat(archive.sha256()).isEqualTo(sha256(shelf().archive(backup, archive)));
        assertThat(new BackupFiles(Shelf.disk(disk), Shelf.SHOP, backup).finished(Keyring.empty()))
                .map(ManifestFile::archive)
                .contains(archive);
    }

    @Test
    void shouldKeepTheRolesBesideWithoutTheirPasswords() throws Exception {
        SourceDatabase source = SourceDatabase.withOrders(1);

        Archive archive = capture(source.access(), LIMITS);

        String roles = Files.readString(shelf().folder(backup).resolve("roles.sql"));
        assertThat(roles).contains("CREATE ROLE keeper").doesNotContain("PASSWORD");
        assertThat(archive.details().roles()).isNotNull().satisfies(file -> {
            assertThat(file.sha256()).isEqualTo(sha256(shelf().folder(backup).resolve(file.file())));
            assertThat(file.sizeBytes()).isEqualTo(roles.length());
        });
        assertThat(archive.details().notes()).isEmpty();
    }

    @Test
    void shouldTellWhereTheMigrationsStand() throws Exception {
        SourceDatabase source = SourceDatabase.withOrders(1);
        source.jdbi().useHandle(handle -> handle.execute("""
                create table schema_migrations (version varchar primary key);
                insert into schema_migrations values ('20260101'), ('20260214')"""));

        assertThat(capture(source.access(), LIMITS).details().schemaVersion()).isEqualTo("20260214");
    }

    @Test
    void shouldDoWithoutATableThatOnlyHasTheNameOfOne() throws Exception {
        SourceDatabase source = SourceDatabase.withOrders(7);
        source.jdbi().useHandle(handle -> handle.execute("create table alembic_version (colour text)"));

        Archive archive = capture(source.access(), LIMITS);

        assertThat(archive.details().schemaVersion()).isNull();
        assertThat(archive.tables()).containsEntry("public.orders", 7L);
    }

    @Test
    void shouldLetOnlyThisUserReadWhatIsStored() throws Exception {
        SourceDatabase source = SourceDatabase.withOrders(1);

        Archive archive = capture(source.access(), LIMITS);

        assertThat(Files.getPosixFilePermissions(shelf().archive(backup, archive)))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(shelf().folder(backup)))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void shouldCountWhatIsDumpedAlthoughTheTableGrows() throws Exception {
        SourceDatabase source = SourceDatabase.withOrders(100).withBulk(10);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Archive> capturing = threads.submit(() -> capture(source.access(), LIMITS));
            long rows = 100;
            while (!capturing.isDone()) {
                rows += insertOrders(source, 10);
            }

            Archive archive = capturing.get();
            var proof = RestoreDrill.proof(new RestoreDrill(engines(), clock)
                    .drill(shelf().copies(backup, archive), source.access(), List.of(), LIMITS));

            assertThat(archive.tables().get("public.orders")).isBetween(100L, rows - 1);
            assertThat(proof.detail()).contains(archive.totalRows() + " rows");
        }
    }

    @Test
    void shouldMissNothingThatWasThereAtTheTimeItNames() throws Exception {
        SourceDatabase source = SourceDatabase.withOrders(100);
        AtomicBoolean asked = new AtomicBoolean();
        Clock lateWriter = new Clock() {
            @Override
            public Instant instant() {
                // Somebody commits between the moment the clock is read and the next thing that is done.
                if (asked.compareAndSet(false, true)) {
                    insertOrders(source, 1);
                }
                return clock.instant();
            }

            @Override
            public ZoneId getZone() {
                return clock.getZone();
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };

        Archive archive = new CaptureBackup(Shelf.engines(disk.resolve(".run"), lateWriter), clock)
                .capture(shelf().order(backup, source.access(), LIMITS));

        assertThat(archive.tables()).containsEntry("public.orders", 101L);
    }

    @Test
    void shouldHoldTablesAgainstBeingEmptiedFromTheirCountOn() throws Exception {
        SourceDatabase source = SourceDatabase.withOrders(10);
        try (PostgresSession session = PostgresSession.open(source.access(), backup, LIMITS)) {
            session.snapshot();
            session.countRows();

            // It would be empty in every snapshot, an older one too.
            assertThatThrownBy(() -> source.jdbi().useTransaction(tx -> {
                        tx.execute("set local lock_timeout = '300ms'");
                        tx.execute("truncate orders");
                    }))
                    .hasMessageContaining("lock timeout");
        }
    }

    @Test
    void shouldLeaveNothingWhenTheDumpIsKilledHalfWay() throws Exception {
        SourceDatabase source = SourceDatabase.withOrders(100).withBulk(40);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<BackupFault> failing = threads.submit(() -> failure(() -> capture(source.access(), LIMITS)));
            awaitHalfWritten();

            dumpProcess().destroyForcibly();

            assertThat(failing.get().reason()).isEqualTo(FailureReason.DUMP_FAILED);
            assertThat(failing.get()).hasMessageContaining("137");
            assertThat(everything()).isEmpty();
        }
    }

    @Test
    void shouldLeaveNothingWhenTheServerEndsTheDump() throws Exception {
        SourceDatabase source = SourceDatabase.withOrders(100).withBulk(40);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<BackupFault> failing = threads.submit(() -> failure(() -> capture(source.access(), LIMITS)));
            awaitHalfWritten();

            source.jdbi()
                    .useHandle(handle -> handle.createQuery("""
                    select pg_terminate_backend(pid) from pg_stat_activity where application_name = ?""")
                            .bind(0, "backup-" + backup)
                            .mapTo(Boolean.class)
                            .list());

            assertThat(failing.get().reason()).isIn(FailureReason.DUMP_FAILED, FailureReason.SERVER_UNREACHABLE);
            assertThat(everything()).isEmpty();
        }
    }

    @Test
    void shouldEndTheDumpWhenItsTimeIsOver() throws Exception {
        SourceDatabase source = SourceDatabase.withOrders(100);
        Limits short_ = new Limits(LIMITS.connect(), Duration.ofMinutes(1), Duration.ofMillis(700));
        try (Handle other = source.jdbi().open()) {
            // A dump that waits for a lock lasts as long as it likes, on any machine.
            other.begin();
            other.execute("lock table orders in access exclusive mode");

            BackupFault fault = failure(() -> capture(source.access(), short_));

            assertThat(fault.reason()).isEqualTo(FailureReason.TIME_LIMIT);
            assertThat(everything()).isEmpty();
            assertThat(source.sessionsEnd(backup)).isTrue();
            other.rollback();
        }
    }

    @Test
    void shouldFailInTimeWhenATableIsLocked() throws Exception {
        SourceDatabase source = SourceDatabase.withOrders(10);
        Limits impatient = new Limits(LIMITS.connect(), Duration.ofMillis(300), LIMITS.total());
        try (Handle other = source.jdbi().open()) {
            other.begin();
            other.execute("lock table orders in access exclusive mode");

            BackupFault fault = failure(() -> capture(source.access(), impatient));
            other.rollback();

            assertThat(fault.reason()).isEqualTo(FailureReason.LOCK_TIMEOUT);
            assertThat(everything()).isEmpty();
        }
    }

    @Test
    void shouldSayThatThePasswordIsWrongAndNotWhichItWas() throws Exception {
        Access right = SourceDatabase.withOrders(1).access();
        Access wrong = new Access(
                ServerKind.POSTGRESQL, right.host(), right.port(), right.database(), right.user(), "hunter2");

        BackupFault fault = failure(() -> capture(wrong, LIMITS));

        assertThat(fault.reason()).isEqualTo(FailureReason.ACCESS_DENIED);
        assertThat(fault).hasMessageContaining("keeper");
        assertThat(fault.toString() + wrong).doesNotContain("hunter2");
    }

    @Test
    void shouldGetInByAPasswordOfAllKindsOfCharacters() throws Exception {
        SourceDatabase source = SourceDatabase.withOrders(3);
        Access known = source.access();
        Access odd = new Access(
                known.kind(),
                known.host(),
                known.port(),
                known.database(),
                SourceDatabase.ODD_ROLE,
                SourceDatabase.ODD_PASSWORD);

        assertThat(capture(odd, LIMITS).totalRows()).isEqualTo(5);
        assertThatThrownBy(() -> capture(
                        new Access(
                                odd.kind(),
                                odd.host(),
                                odd.port(),
                                odd.database(),
                                odd.user(),
                                odd.password().strip()),
                        LIMITS))
                .isInstanceOf(BackupFault.class);
    }

    @Test
    void shouldSayThatTheServerIsAway() {
        Access away = new Access(ServerKind.POSTGRESQL, "localhost", 1, "shop", "keeper", "hunter2");

        BackupFault fault = failure(() -> capture(away, LIMITS));

        assertThat(fault.reason()).isEqualTo(FailureReason.SERVER_UNREACHABLE);
    }

    @Test
    void shouldFailRatherThanLeaveOutWhatTheRoleMayNotSee() {
        SourceDatabase source = SourceDatabase.withOrders(10);
        source.jdbi().useHandle(handle -> handle.execute("""
                alter table orders enable row level security;
                create policy few on orders using (id < 5)"""));

        BackupFault fault = failure(() -> capture(source.access(), LIMITS));

        assertThat(fault.reason()).isEqualTo(FailureReason.ACCESS_DENIED);
    }

    @Test
    void shouldFailWhenTheDiskDoesNotTakeIt() throws Exception {
        SourceDatabase source = SourceDatabase.withOrders(10);
        Files.writeString(disk.resolve("shop"), "a file where the folder should be");

        BackupFault fault = failure(() -> capture(source.access(), LIMITS));

        assertThat(fault.reason()).isEqualTo(FailureReason.STORAGE_FAILED);
    }

    private Archive capture(Access access, Limits limits) throws Exception {
        return new CaptureBackup(engines(), clock).capture(shelf().order(backup, access, limits));
    }

    private Shelf shelf() {
        return Shelf.in(disk);
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    private Engines engines() {
        return Shelf.engines(disk.resolve(".run"), clock);
    }

    private static int insertOrders(SourceDatabase source, int rows) {
        return source.jdbi()
                .withHandle(handle ->
                        handle.execute("insert into orders (item) select 'late' from generate_series(1, ?)", rows));
    }

    private static BackupFault failure(Callable<?> capture) {
        return catchThrowableOfType(BackupFault.class, capture::call);
    }

    private void awaitHalfWritten() throws IOException {
        while (everything().stream().noneMatch(file -> file.toFile().length() > 1_000_000)) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static ProcessHandle dumpProcess() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("pg_dump"))
                .findFirst()
                .orElseThrow();
    }

    /// Every file under the location, and what was left to run programs with.
    private List<Path> everything() throws IOException {
        try (Stream<Path> files = Files.walk(disk)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
