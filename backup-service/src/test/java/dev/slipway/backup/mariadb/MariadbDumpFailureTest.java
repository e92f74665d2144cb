package dev.slipway.backup.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.backup.capture.CaptureBackup;
import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Engines;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.engine.ServerKind;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.program.Orphans;
import dev.slipway.backup.program.Run;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Dumps that must not pass for one: of accounts that see too little, of programs and servers that end too early.
@Timeout(60)
class MariadbDumpFailureTest {
    @TempDir
    Path disk;

    private MariadbBench bench;

    @BeforeEach
    void open() {
        bench = new MariadbBench(disk);
    }

    @Test
    void shouldRefuseAnAccountThatSeesOneOfTwoTables() {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5);

        BackupFault fault =
                bench.refused(shop.as("half", "select on SHOP.orders", "reload on *.*"), MariadbBench.LIMITS);

        assertThat(fault.reason()).isEqualTo(FailureReason.ACCESS_DENIED);
        assertThat(fault).hasMessageContaining("GRANT EVENT, SELECT, SHOW VIEW, TRIGGER ON `-Shop");
    }

    @Test
    void shouldRefuseAnAccountThatDoesNotSeeTheRoutines() {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5).withObjects();

        BackupFault fault = bench.refused(
                shop.as("blind", "select, show view, trigger, event on SHOP.*", "reload on *.*"), MariadbBench.LIMITS);

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
        Engines engines = bench.dumpingBy("""
                for last; do :; done
                exec /usr/bin/mariadb-dump "${@:1:$#-2}" "%s" -- "$last"
                """.formatted(option.replace("`", "\\`")));

        BackupFault fault = bench.refused(engines, shop.access());

        assertThat(fault.reason())
                .isEqualTo(losing.startsWith("--where") ? FailureReason.DUMP_FAILED : FailureReason.OBJECTS_MISSING);
        bench.nothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "KILL"})
    void shouldFailWhenTheProgramIsKilledHalfWay(String signal) throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5).withBulk(8);
        Engines engines = bench.dumpingBy("""
                /usr/bin/mariadb-dump "$@" | head -c 3000000
                kill -%s $$
                """.formatted(signal));

        BackupFault fault = bench.refused(engines, shop.access());

        assertThat(fault.reason()).isEqualTo(FailureReason.DUMP_FAILED);
        assertThat(fault).hasMessageContaining("exit code");
        bench.nothingIsLeft();
    }

    @Test
    void shouldFailWhenAHalfDumpEndsWell() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5).withBulk(8);
        Engines engines = bench.dumpingBy("/usr/bin/mariadb-dump \"$@\" | head -c 3000000\n");

        BackupFault fault = bench.refused(engines, shop.access());

        assertThat(fault.reason()).isEqualTo(FailureReason.DUMP_FAILED);
        assertThat(fault).hasMessageContaining("complete");
        bench.nothingIsLeft();
    }

    @Test
    void shouldFailWhenTheServerEndsTheConnectionOfTheDump() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5).withBulk(60);
        Access access = shop.as("cut", MariadbBench.SEES_ALL, "reload on *.*");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<BackupFault> capturing = threads.submit(() -> bench.refused(access, MariadbBench.LIMITS));
            List<Long> connections = shop.connections("cut");
            while (connections.size() < 2 && !capturing.isDone()) {
                LockSupport.parkNanos(1_000_000);
                connections = shop.connections("cut");
            }
            long dump = connections.stream().max(Long::compare).orElseThrow();
            shop.jdbi().useHandle(handle -> handle.execute("kill " + dump));

            assertThat(capturing.get().reason()).isIn(FailureReason.DUMP_FAILED, FailureReason.SERVER_UNREACHABLE);
            bench.nothingIsLeft();
        }
    }

    @Test
    void shouldNameTheLockThatATableIsUnder() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5);
        Limits impatient = new Limits(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofMinutes(1));

        try (var handle = shop.jdbi().open()) {
            handle.execute("lock tables orders write");

            assertThat(bench.refused(shop.access(), impatient).reason()).isEqualTo(FailureReason.LOCK_TIMEOUT);
            assertThat(bench.refused(shop.as("still", MariadbBench.SEES_ALL), impatient)
                            .reason())
                    .isEqualTo(FailureReason.LOCK_TIMEOUT);
        }
        bench.nothingIsLeft();
    }

    @Test
    void shouldSayWhyAServerCannotBeUsed() {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(1);
        Access right = shop.access();
        Access wrong = ShopOnMariadb.access(right.database(), "keeper", "hunter2");
        Access away = new Access(right.kind(), "localhost", 1, "shop", "keeper", "hunter2");

        assertThat(bench.refused(wrong, MariadbBench.LIMITS)).satisfies(fault -> {
            assertThat(fault.reason()).isEqualTo(FailureReason.ACCESS_DENIED);
            assertThat(fault).hasMessageNotContaining("hunter2");
        });
        assertThat(bench.refused(away, MariadbBench.LIMITS).reason()).isEqualTo(FailureReason.SERVER_UNREACHABLE);
        assertThat(bench.refused(right.on("nobody's"), MariadbBench.LIMITS).reason())
                .isEqualTo(FailureReason.UNKNOWN_DATABASE);
    }

    @Test
    @Timeout(20)
    void shouldNotWaitForAServerThatSaysNothing() throws Exception {
        Limits short_ = new Limits(Duration.ofSeconds(1), MariadbBench.LIMITS.lockWait(), MariadbBench.LIMITS.total());
        try (ServerSocket silent = new ServerSocket(0)) {
            Access access =
                    new Access(ServerKind.MARIADB, "localhost", silent.getLocalPort(), "shop", "keeper", "hunter2");

            assertThat(bench.refused(access, short_).reason()).isEqualTo(FailureReason.SERVER_UNREACHABLE);
        }
    }

    @Test
    void shouldNotKeepAServersWritersWaitingForADumpThatNeverBegins() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5);
        Limits impatient = new Limits(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofMinutes(1));
        Engines engines = bench.dumpingBy("exec sleep 50\n");
        Run run = new Run(bench.backup(), () -> true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<BackupFault> capturing = threads.submit(() -> ScopedValue.where(Run.CURRENT, run)
                    .call(() -> catchThrowableOfType(
                            BackupFault.class,
                            () -> new CaptureBackup(engines, bench.clock())
                                    .capture(bench.shelf().order(bench.backup(), shop.access(), impatient)))));
            while (Orphans.left(bench.backup()).isEmpty() && !capturing.isDone()) {
                LockSupport.parkNanos(1_000_000);
            }
            Future<Integer> writing = threads.submit(() ->
                    shop.jdbi().withHandle(handle -> handle.execute("insert into orders (item) values ('late')")));

            assertThat(writing.get(20, TimeUnit.SECONDS)).isEqualTo(1);
            run.stop();
            assertThat(capturing.get()).isNotNull();
        }
        bench.nothingIsLeft();
    }

    @Test
    void shouldNameThePackageWhenNoProgramFits() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(1);
        Engines engines = bench.lookingIn(bench.disk());

        BackupFault fault = bench.refused(engines, shop.access());

        assertThat(fault.reason()).isEqualTo(FailureReason.CLIENT_MISSING);
        assertThat(fault).hasMessageContaining("mariadb-client");
    }
}
