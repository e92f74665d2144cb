package dev.slipway.backup.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.capture.CaptureBackup;
import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Composition;
import dev.slipway.backup.engine.Engines;
import dev.slipway.backup.engine.Job;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.engine.ServerKind;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Archives;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.Proof;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.location.DiskLocation;
import dev.slipway.backup.location.MoodyLocation;
import dev.slipway.backup.program.Orphans;
import dev.slipway.backup.program.Run;
import dev.slipway.backup.proof.Check;
import dev.slipway.backup.proof.DrillReport;
import dev.slipway.backup.proof.Readback;
import dev.slipway.backup.proof.RestoreDrill;
import dev.slipway.backup.storage.Storage;
import dev.slipway.testkit.TestClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class MariadbBackupTest {
    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMinutes(2));
    private static final String SEES_ALL = "select, show view, trigger, event on *.*";

    @TempDir
    Path disk;

    private final UUID backup = UUID.randomUUID();
    private final TestClock clock = TestClock.at("2026-03-01T10:00:00Z");

    @Test
    void shouldStoreWhatTheDatabaseHasAndProveItByARestore() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(250).withObjects();

        Archive archive = capture(shop.access());
        Proof read = readback(archive);
        Proof restored = restore(archive, shop);

        assertThat(archive.tables())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("orders", 250L, ShopOnMariadb.ODD_TABLE, 3L, "nothing_yet", 0L));
        assertThat(archive.details().objects())
                .containsEntry("sequence orders (auto_increment)", 256L)
                .containsEntry("sequence numbers", 1L);
        assertThat(Composition.kinds(archive.details().objects()))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "tables", 3L, "views", 1L, "routines", 2L, "triggers", 2L, "events", 1L, "sequences", 1L));
        assertThat(archive.details().notes()).isEmpty();
        assertThat(archive.serverVersion()).contains("MariaDB");
        assertThat(archive.packing().file()).isEqualTo("archive.sql.zst");
        assertThat(read.kind()).isEqualTo(ProofKind.READBACK);
        assertThat(restored.detail()).contains("3 tables, 253 rows");
        assertThat(shop.scratchSchemas()).isEmpty();
        assertThat(disk.resolve(".run")).isEmptyDirectory();
    }

    @Test
    void shouldDumpADatabaseWithQuotesInItsName() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.named("\"tea\" 'time' ``", 2);

        Archive archive = capture(shop.access());

        assertThat(restore(archive, shop).detail()).contains("3 tables, 5 rows");
    }

    @Test
    void shouldKeepTheAccountsBesideWithoutWhatTheyIdentifyThemselvesWith() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(1);

        capture(shop.access());

        assertThat(Files.readString(shelf().folder(backup).resolve("roles.sql")))
                .contains("CREATE USER IF NOT EXISTS 'keeper'@'%';", "GRANT SELECT")
                .doesNotContain("IDENTIFIED", "PASSWORD");
    }

    @Test
    void shouldWriteGzipThatAnybodyReads() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(3);
        Shelf gzip = shelf().by(Storage.Method.GZIP);

        Archive archive = capture(gzip, shop.access(), LIMITS);

        try (var sql = new GZIPInputStream(Files.newInputStream(gzip.archive(backup, archive)))) {
            assertThat(new String(sql.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("'order 3',0x00FF275C")
                    .contains("-- Dump completed");
        }
    }

    @Test
    void shouldCountWhatIsDumpedAlthoughTheTableGrows() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(100).withBulk(40);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Archive> capturing = threads.submit(() -> capture(shop.access()));
            long rows = 100;
            while (!capturing.isDone()) {
                rows += shop.jdbi().withHandle(handle -> handle.execute("insert into orders (item) values ('late')"));
            }

            Archive archive = capturing.get();

            assertThat(restore(archive, shop).kind()).isEqualTo(ProofKind.RESTORE);
            assertThat(rows).isGreaterThan(archive.tables().get("orders"));
        }
    }

    @Test
    void shouldRunNoEventInTheScratchSchema() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5);
        shop.jdbi().useHandle(handle -> {
            handle.execute("create table ran (at datetime(6), in_schema varchar(80))");
            handle.execute(
                    "create event tick on schedule every 1 second do insert into %s.ran values (now(6), database())"
                            .formatted(MariadbSession.name(shop.access().database())));
        });
        Archive archive = capture(shop.access());
        shop.jdbi().useHandle(handle -> handle.execute("drop event tick"));

        try (var scratch = engines().of(archive).scratch(new Job(backup, shop.access(), LIMITS), archive);
                var dump = shelf().copies(backup, archive).open()) {
            scratch.restore(dump);

            List<String> events = shop.jdbi()
                    .withHandle(handle -> handle.createQuery("""
                                    select concat(event_name, ' ', status) from information_schema.events
                                    where event_schema = ?""")
                            .bind(0, scratch.access().database())
                            .mapTo(String.class)
                            .list());
            assertThat(events).containsExactly("tick DISABLED");
        }
    }

    @Test
    void shouldTellOfTablesThatNoSnapshotHolds() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5);
        shop.jdbi().useHandle(handle -> {
            handle.execute("create table audit (n int) engine = MyISAM");
            handle.execute("insert into audit values (1), (2)");
        });

        Archive archive = capture(shop.access());

        assertThat(archive.tables()).containsEntry("audit", 2L);
        assertThat(archive.details().notes())
                .singleElement()
                .asString()
                .contains("not of one moment", "audit (MyISAM)");
        assertThat(restore(archive, shop).detail()).contains("4 tables");
    }

    @Test
    void shouldCountInTheDumpWhenTheAccountMayNotHoldWriters() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(12);

        Archive archive = capture(shop.as("still", SEES_ALL));

        assertThat(archive.tables()).containsEntry("orders", 12L);
        assertThat(archive.details().notes()).singleElement().asString().contains("RELOAD");
    }

    @Test
    void shouldRefuseAnAccountThatSeesOneOfTwoTables() {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5);

        BackupFault fault = refused(shop.as("half", "select on SHOP.orders", "reload on *.*"), LIMITS);

        assertThat(fault.reason()).isEqualTo(FailureReason.ACCESS_DENIED);
        assertThat(fault).hasMessageContaining("GRANT EVENT, SELECT, SHOW VIEW, TRIGGER ON `-Shop");
    }

    @Test
    void shouldRefuseAnAccountThatDoesNotSeeTheRoutines() {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5).withObjects();

        BackupFault fault =
                refused(shop.as("blind", "select, show view, trigger, event on SHOP.*", "reload on *.*"), LIMITS);

        assertThat(fault.reason()).isEqualTo(FailureReason.ACCESS_DENIED);
        assertThat(fault).hasMessageContaining("GRANT SELECT ON mysql.proc");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--skip-routines", "--skip-triggers", "--skip-events", "--ignore-table=DB.orders", "--where=id<3"
            })
    void shouldFailWhenTheDumpLeavesOutWhatTheDatabaseHas(String losing) throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5).withObjects();
        if (losing.startsWith("--where")) {
            shop.jdbi().useHandle(handle -> handle.execute("drop table `t ``a\"b' ☕`"));
        }
        String option = losing.replace("DB", shop.access().database());
        Engines engines = dumpingBy("""
                for last; do :; done
                exec /usr/bin/mariadb-dump "${@:1:$#-2}" "%s" -- "$last"
                """.formatted(option.replace("`", "\\`")));

        BackupFault fault = catchThrowableOfType(
                BackupFault.class,
                () -> new CaptureBackup(engines, clock).capture(shelf().order(backup, shop.access(), LIMITS)));

        assertThat(fault.reason())
                .isEqualTo(losing.startsWith("--where") ? FailureReason.DUMP_FAILED : FailureReason.OBJECTS_MISSING);
        nothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "KILL"})
    void shouldFailWhenTheProgramIsKilledHalfWay(String signal) throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5).withBulk(8);
        Engines engines = dumpingBy("""
                /usr/bin/mariadb-dump "$@" | head -c 3000000
                kill -%s $$
                """.formatted(signal));

        BackupFault fault = catchThrowableOfType(
                BackupFault.class,
                () -> new CaptureBackup(engines, clock).capture(shelf().order(backup, shop.access(), LIMITS)));

        assertThat(fault.reason()).isEqualTo(FailureReason.DUMP_FAILED);
        assertThat(fault).hasMessageContaining("exit code");
        nothingIsLeft();
    }

    @Test
    void shouldFailWhenAHalfDumpEndsWell() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5).withBulk(8);
        Engines engines = dumpingBy("/usr/bin/mariadb-dump \"$@\" | head -c 3000000\n");

        BackupFault fault = catchThrowableOfType(
                BackupFault.class,
                () -> new CaptureBackup(engines, clock).capture(shelf().order(backup, shop.access(), LIMITS)));

        assertThat(fault.reason()).isEqualTo(FailureReason.DUMP_FAILED);
        assertThat(fault).hasMessageContaining("complete");
        nothingIsLeft();
    }

    @Test
    void shouldFailWhenTheServerEndsTheConnectionOfTheDump() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5).withBulk(60);
        Access access = shop.as("cut", SEES_ALL, "reload on *.*");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<BackupFault> capturing = threads.submit(() -> refused(access, LIMITS));
            List<Long> connections = shop.connections("cut");
            while (connections.size() < 2 && !capturing.isDone()) {
                LockSupport.parkNanos(1_000_000);
                connections = shop.connections("cut");
            }
            long dump = connections.stream().max(Long::compare).orElseThrow();
            shop.jdbi().useHandle(handle -> handle.execute("kill " + dump));

            assertThat(capturing.get().reason()).isIn(FailureReason.DUMP_FAILED, FailureReason.SERVER_UNREACHABLE);
            nothingIsLeft();
        }
    }

    @Test
    void shouldNameTheLockThatATableIsUnder() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5);
        Limits impatient = new Limits(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofMinutes(1));

        try (var handle = shop.jdbi().open()) {
            handle.execute("lock tables orders write");

            assertThat(refused(shop.access(), impatient).reason()).isEqualTo(FailureReason.LOCK_TIMEOUT);
            assertThat(refused(shop.as("still", SEES_ALL), impatient).reason()).isEqualTo(FailureReason.LOCK_TIMEOUT);
        }
        nothingIsLeft();
    }

    @Test
    void shouldSayWhyAServerCannotBeUsed() {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(1);
        Access right = shop.access();
        Access wrong = ShopOnMariadb.access(right.database(), "keeper", "hunter2");
        Access away = new Access(right.kind(), "localhost", 1, "shop", "keeper", "hunter2");

        assertThat(refused(wrong, LIMITS)).satisfies(fault -> {
            assertThat(fault.reason()).isEqualTo(FailureReason.ACCESS_DENIED);
            assertThat(fault).hasMessageNotContaining("hunter2");
        });
        assertThat(refused(away, LIMITS).reason()).isEqualTo(FailureReason.SERVER_UNREACHABLE);
        assertThat(refused(right.on("nobody's"), LIMITS).reason()).isEqualTo(FailureReason.UNKNOWN_DATABASE);
    }

    @Test
    @Timeout(20)
    void shouldNotWaitForAServerThatSaysNothing() throws Exception {
        Limits short_ = new Limits(Duration.ofSeconds(1), LIMITS.lockWait(), LIMITS.total());
        try (ServerSocket silent = new ServerSocket(0)) {
            Access access =
                    new Access(ServerKind.MARIADB, "localhost", silent.getLocalPort(), "shop", "keeper", "hunter2");

            assertThat(refused(access, short_).reason()).isEqualTo(FailureReason.SERVER_UNREACHABLE);
        }
    }

    @Test
    void shouldLeaveNothingOnTheServerWhenItIsStoppedInADump() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5).withNoise(16);
        Access access = shop.as("stopped", SEES_ALL, "reload on *.*");
        MoodyLocation hanging =
                new MoodyLocation("disk", new DiskLocation("disk", disk), MoodyLocation.Mood.HANGING, 200_000);
        Shelf onto = Shelf.of(disk, List.of(hanging), 1, Storage.Method.ZSTD, null);
        Run run = new Run(backup, () -> true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<BackupFault> capturing = threads.submit(() -> ScopedValue.where(Run.CURRENT, run)
                    .call(() -> catchThrowableOfType(BackupFault.class, () -> capture(onto, access, LIMITS))));
            hanging.awaitHanging();
            assertThat(shop.connections("stopped")).hasSizeGreaterThanOrEqualTo(2);

            run.stop();

            assertThat(capturing.get()).isNotNull();
        }
        nothingIsLeft();
        assertThat(shop.connectionsEnd("stopped")).isTrue();
        assertThat(Orphans.left(backup)).isEmpty();
    }

    @Test
    @Timeout(30)
    void shouldNotWaitForALockWhenItIsStopped() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5);
        Access access = shop.as("stopped", SEES_ALL, "reload on *.*");
        Limits patient = new Limits(Duration.ofSeconds(5), Duration.ofMinutes(2), Duration.ofMinutes(2));
        Run run = new Run(backup, () -> true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var handle = shop.jdbi().open()) {
            handle.execute("lock tables orders write");
            Future<BackupFault> capturing =
                    threads.submit(() -> ScopedValue.where(Run.CURRENT, run).call(() -> refused(access, patient)));
            while (!isWaiting(shop, "stopped")) {
                LockSupport.parkNanos(5_000_000);
            }

            run.stop();

            assertThat(capturing.get()).isNotNull();
            assertThat(shop.connectionsEnd("stopped")).isTrue();
        }
        nothingIsLeft();
    }

    private static boolean isWaiting(ShopOnMariadb shop, String user) {
        return shop.jdbi()
                .withHandle(handle -> handle.createQuery("""
                        select exists (select 1 from information_schema.processlist
                            where user = ? and state like 'Waiting%')""")
                        .bind(0, user)
                        .mapTo(Boolean.class)
                        .one());
    }

    @Test
    void shouldFindADamagedArchive() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(500);
        Archive archive = capture(shelf().sealed(), shop.access(), LIMITS);
        Path file = shelf().archive(backup, archive);
        byte[] whole = Files.readAllBytes(file);
        byte[] flipped = whole.clone();
        flipped[whole.length / 2] ^= 1;

        for (byte[] damaged : List.of(
                flipped,
                java.util.Arrays.copyOf(whole, whole.length / 2),
                java.util.Arrays.copyOf(whole, whole.length - 10))) {
            Files.write(file, damaged);
            Archive likeIt = Archives.stored(archive, damaged);

            assertThat(damageFound(() -> readback(archive))).isEqualTo(FailureReason.ARCHIVE_DAMAGED);
            assertThat(damageFound(() -> readback(likeIt))).isEqualTo(FailureReason.ARCHIVE_DAMAGED);
            assertThat(damageFound(() -> restore(archive, shop))).isEqualTo(FailureReason.ARCHIVE_DAMAGED);
        }
        assertThat(shop.scratchSchemas()).isEmpty();
    }

    @Test
    void shouldNotProveADumpWithoutItsEnd() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(50);
        Archive archive = capture(shop.access());
        byte[] dump;
        try (var unpacked = shelf().copies(backup, archive).open()) {
            dump = unpacked.readAllBytes();
        }
        byte[] half = java.util.Arrays.copyOf(dump, dump.length - 100);

        BackupFault fault = catchThrowableOfType(
                BackupFault.class,
                () -> engines().of(archive).readToItsEnd(archive, new ByteArrayInputStream(half), LIMITS));

        assertThat(fault.reason()).isEqualTo(FailureReason.ARCHIVE_DAMAGED);
        assertThat(fault).hasMessageContaining("complete");
    }

    @Test
    void shouldRefuseARestoreWithOtherRowsThanTheSnapshot() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5);
        Archive archive = capture(shop.access());
        var oneMore = new TreeMap<>(archive.tables());
        oneMore.merge("orders", 1L, Long::sum);
        Archive countedOneMore = Archives.counted(archive, oneMore);

        BackupFault fault = catchThrowableOfType(BackupFault.class, () -> restore(countedOneMore, shop));

        assertThat(fault.reason()).isEqualTo(FailureReason.COUNTS_DIFFER);
        assertThat(fault).hasMessage("orders: 6 in the snapshot, 5 restored");
        assertThat(shop.scratchSchemas()).isEmpty();
    }

    @Test
    void shouldBringSequencesAndCountersBackWhereTheyStood() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5).withObjects();
        shop.jdbi().useHandle(handle -> {
            handle.execute("delete from orders where id > 3");
            handle.execute("select nextval(numbers) from seq_1_to_42");
        });
        Archive archive = capture(shop.access());

        DrillReport report = drill(archive, shop);
        DrillReport behind = drill(Archives.seen(archive, "sequence orders (auto_increment)", 7), shop);

        assertThat(report.message()).isNull();
        assertThat(report.composition())
                .extracting(Composition.Compared::what)
                .contains("sequence numbers", "sequence orders (auto_increment)", "routines");
        assertThat(behind.reason()).isEqualTo(FailureReason.OBJECTS_MISSING);
        assertThat(behind.message()).isEqualTo("sequence orders (auto_increment): 7 in the snapshot, 8 restored");
    }

    @Test
    void shouldTakeNothingButTrueFromAQuestion() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5).withObjects();
        Archive archive = capture(shop.access());

        DrillReport report = drill(
                archive,
                shop,
                check("yes", "select count(*) = 5 from orders"),
                check("also", "with some as (select id from orders) select exists(select * from some)"),
                check("no", "select count(*) = 4 from orders"),
                check("many", "select count(*) from orders"),
                check("nothing", "select true from orders where false"),
                check("unknown", "select null"),
                check("wrong", "select true from orderz"),
                check("slow", "select sleep(20) = 0"),
                check("two", "select true; select true"),
                check("writes", "delete from orders"),
                check("writes-inside", "select (select true) as b into outfile '/tmp/never'"),
                check("calls", "call tidy(100)"));

        assertThat(report.reason()).isEqualTo(FailureReason.CHECK_FAILED);
        assertThat(report.message()).startsWith("the check 'no' is not true: the answer is ");
        assertThat(report.checks().stream()
                        .filter(checked -> checked.fault() == null)
                        .map(DrillReport.Checked::name))
                .containsExactly("yes", "also");
        assertThat(report.checks()).hasSize(12);
        assertThat(shop.scratchSchemas()).isEmpty();
    }

    private static Check check(String name, String sql) {
        return new Check(name, sql, Duration.ofMillis(500));
    }

    @Test
    void shouldTidyUpAfterAKilledWorker() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5);
        Job lost = new Job(backup, shop.access(), LIMITS);
        Archive archive = capture(shop.access());
        var engine = engines().of(archive);
        engine.scratch(lost, archive);
        OptionFile.write(disk.resolve(".run"), backup, shop.access());
        MariadbSession left = MariadbSession.open(lost);

        engine.tidyUp(lost);

        assertThat(shop.scratchSchemas()).isEmpty();
        assertThat(disk.resolve(".run")).isEmptyDirectory();
        assertThatThrownBy(() -> left.text("SELECT 1")).isInstanceOf(SQLException.class);
    }

    @Test
    void shouldDropTheScratchSchemasOfBackupsThatAreOverOnly() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5);
        Archive archive = capture(shop.access());
        var engine = engines().of(archive);
        UUID over = UUID.randomUUID();
        engine.scratch(new Job(over, shop.access(), LIMITS), archive);
        try (var other = engine.scratch(new Job(UUID.randomUUID(), shop.access(), LIMITS), archive)) {
            var dropped = engine.dropScratch(new Job(backup, shop.access(), LIMITS), _ -> java.util.Set.of(over));

            assertThat(dropped).containsExactly(over);
            assertThat(shop.scratchSchemas()).containsExactly(other.access().database());
        }
    }

    @Test
    void shouldNameThePackageWhenNoProgramFits() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(1);
        Engines engines = new Engines(
                engines().postgresql(),
                new MariadbEngine(new DumpClients(List.of(disk)), new MariadbPrograms(disk.resolve(".run")), clock));

        BackupFault fault = catchThrowableOfType(
                BackupFault.class,
                () -> new CaptureBackup(engines, clock).capture(shelf().order(backup, shop.access(), LIMITS)));

        assertThat(fault.reason()).isEqualTo(FailureReason.CLIENT_MISSING);
        assertThat(fault).hasMessageContaining("mariadb-client");
    }

    /// A dump program that is a script around the real one.
    private Engines dumpingBy(String script) throws IOException {
        Path folder = Files.createDirectories(disk.resolve(".programs"));
        Path dump = folder.resolve("mariadb-dump");
        Files.writeString(
                dump, "#!/bin/bash\n[ \"$1\" = --version ] && exec /usr/bin/mariadb-dump --version\n" + script);
        dump.toFile().setExecutable(true);
        Files.createSymbolicLink(folder.resolve("mariadb"), Path.of("/usr/bin/mariadb"));
        return new Engines(
                engines().postgresql(),
                new MariadbEngine(new DumpClients(List.of(folder)), new MariadbPrograms(disk.resolve(".run")), clock));
    }

    private void nothingIsLeft() {
        assertThat(shelf().everything()).allSatisfy(file -> assertThat(file).startsWith(".programs"));
    }

    private BackupFault refused(Access access, Limits limits) {
        return catchThrowableOfType(BackupFault.class, () -> capture(shelf(), access, limits));
    }

    private static FailureReason damageFound(org.assertj.core.api.ThrowableAssert.ThrowingCallable proving) {
        return catchThrowableOfType(BackupFault.class, proving).reason();
    }

    private Archive capture(Access access) throws Exception {
        return capture(shelf(), access, LIMITS);
    }

    private Archive capture(Shelf onto, Access access, Limits limits) throws Exception {
        return new CaptureBackup(engines(), clock).capture(onto.order(backup, access, limits));
    }

    private Proof readback(Archive of) throws Exception {
        return new Readback(engines(), clock).prove(shelf().sealed().copies(backup, of), LIMITS);
    }

    private Proof restore(Archive of, ShopOnMariadb shop) throws Exception {
        return RestoreDrill.proof(drill(of, shop));
    }

    private DrillReport drill(Archive of, ShopOnMariadb shop, Check... checks) throws Exception {
        return new RestoreDrill(engines(), clock)
                .drill(shelf().sealed().copies(backup, of), shop.access(), List.of(checks), LIMITS);
    }

    private Engines engines() {
        return Shelf.engines(disk.resolve(".run"), clock);
    }

    private Shelf shelf() {
        return Shelf.in(disk);
    }
}
