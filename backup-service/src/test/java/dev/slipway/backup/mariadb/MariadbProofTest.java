package dev.slipway.backup.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.backup.engine.Composition;
import dev.slipway.backup.engine.Job;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Archives;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.proof.Check;
import dev.slipway.backup.proof.DrillReport;
import dev.slipway.backup.proof.Readback;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What readback and drill find in a dump of MariaDB.
@Timeout(60)
class MariadbProofTest {
    @TempDir
    Path disk;

    private MariadbBench bench;

    @BeforeEach
    void open() {
        bench = new MariadbBench(disk);
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
        Archive archive = bench.capture(shop.access());
        shop.jdbi().useHandle(handle -> handle.execute("drop event tick"));

        try (var scratch = bench.engines()
                        .of(archive)
                        .scratch(new Job(bench.backup(), shop.access(), MariadbBench.LIMITS), archive);
                var dump = bench.shelf().copies(bench.backup(), archive).open()) {
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
    void shouldFindADamagedArchive() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(500);
        Archive archive = bench.capture(bench.shelf().sealed(), shop.access(), MariadbBench.LIMITS);
        Path file = bench.shelf().archive(bench.backup(), archive);
        byte[] whole = Files.readAllBytes(file);
        byte[] flipped = whole.clone();
        flipped[whole.length / 2] ^= 1;

        for (byte[] damaged :
                List.of(flipped, Arrays.copyOf(whole, whole.length / 2), Arrays.copyOf(whole, whole.length - 10))) {
            Files.write(file, damaged);
            Archive likeIt = Archives.stored(archive, damaged);

            assertThat(bench.damageFound(() -> bench.readback(archive))).isEqualTo(FailureReason.ARCHIVE_DAMAGED);
            assertThat(bench.damageFound(() -> bench.readback(likeIt))).isEqualTo(FailureReason.ARCHIVE_DAMAGED);
            assertThat(bench.damageFound(() -> bench.restore(archive, shop))).isEqualTo(FailureReason.ARCHIVE_DAMAGED);
        }
        assertThat(shop.scratchSchemas()).isEmpty();
    }

    @Test
    void shouldNotProveADumpWithoutItsEnd() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(50);
        Archive archive = bench.capture(shop.access());
        byte[] dump;
        try (var unpacked = bench.shelf().copies(bench.backup(), archive).open()) {
            dump = unpacked.readAllBytes();
        }
        byte[] half = Arrays.copyOf(dump, dump.length - 100);

        BackupFault fault = catchThrowableOfType(
                BackupFault.class,
                () -> bench.engines()
                        .of(archive)
                        .readToItsEnd(archive, new ByteArrayInputStream(half), MariadbBench.LIMITS));

        assertThat(fault.reason()).isEqualTo(FailureReason.ARCHIVE_DAMAGED);
        assertThat(fault).hasMessageContaining("complete");
    }

    @Test
    void shouldNotProveADumpThatHoldsOtherThingsThanItsManifestSays() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5).withObjects();
        Archive archive = bench.capture(shop.access());
        var routines = new TreeMap<>(archive.details().objects());
        routines.merge("routines", 1L, Long::sum);
        var rows = new TreeMap<>(archive.tables());
        rows.merge("orders", 1L, Long::sum);

        assertThat(fault(Archives.consistingOf(archive, routines)))
                .hasMessageContaining("routines: 3 in its manifest, 2 in the archive");
        assertThat(fault(Archives.counted(archive, rows)))
                .hasMessageContaining("table orders: 6 rows in its manifest, 5 in the dump");
    }

    private BackupFault fault(Archive said) {
        BackupFault fault = catchThrowableOfType(
                BackupFault.class,
                () -> new Readback(bench.engines(), bench.clock())
                        .prove(bench.shelf().copies(bench.backup(), said), MariadbBench.LIMITS));
        assertThat(fault.reason()).isEqualTo(FailureReason.ARCHIVE_DAMAGED);
        return fault;
    }

    @Test
    void shouldNotReadOnWhenTheTimeForItIsOver() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(50);
        Archive archive = bench.capture(shop.access());
        Limits over = new Limits(MariadbBench.LIMITS.connect(), MariadbBench.LIMITS.lockWait(), Duration.ofNanos(1));

        BackupFault fault = catchThrowableOfType(
                BackupFault.class,
                () -> new Readback(bench.engines(), bench.clock())
                        .prove(bench.shelf().copies(bench.backup(), archive), over));

        assertThat(fault.reason()).isEqualTo(FailureReason.TIME_LIMIT);
        assertThat(fault).hasMessage("location disk: not read within PT0.000000001S");
    }

    @Test
    void shouldRefuseARestoreWithOtherRowsThanTheSnapshot() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5);
        Archive archive = bench.capture(shop.access());
        var oneMore = new TreeMap<>(archive.tables());
        oneMore.merge("orders", 1L, Long::sum);
        Archive countedOneMore = Archives.counted(archive, oneMore);

        BackupFault fault = catchThrowableOfType(BackupFault.class, () -> bench.restore(countedOneMore, shop));

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
        Archive archive = bench.capture(shop.access());

        DrillReport report = bench.drill(archive, shop);
        DrillReport behind = bench.drill(Archives.seen(archive, "sequence orders (auto_increment)", 7), shop);

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
        shop.jdbi()
                .useHandle(handle -> handle.execute(
                        "create function empties() returns int\nbegin\n  delete from orders;\n  return 1;\nend"));
        Archive archive = bench.capture(shop.access());

        DrillReport report = bench.drill(
                archive,
                shop,
                check("writes-by-function", "select empties() = 1"),
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
        assertThat(report.message())
                .startsWith("the check 'writes-by-function' is not true: ")
                .contains("the check 'no' is not true: the answer is ");
        assertThat(report.checks().stream()
                        .filter(checked -> checked.fault() == null)
                        .map(DrillReport.Checked::name))
                .containsExactly("yes", "also");
        assertThat(report.checks()).hasSize(13);
        assertThat(shop.scratchSchemas()).isEmpty();
    }

    private static Check check(String name, String sql) {
        return new Check(name, sql, Duration.ofMillis(500));
    }
}
