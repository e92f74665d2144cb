package dev.slipway.backup.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Composition;
import dev.slipway.backup.engine.ServerKind;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.Proof;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.proof.Check;
import dev.slipway.backup.proof.DrillReport;
import dev.slipway.backup.proof.RestoreDrill;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is true of MariaDB and could be otherwise with MySQL: its own programs, rights, functions and lists.
@Timeout(90)
class MysqlBackupTest {
    @TempDir
    Path disk;

    private MariadbBench bench;

    @BeforeAll
    static void mysqlIsHere() {
        assumeTrue(ShopOnMysql.programs().isPresent(), "no MySQL here: .ci/mysql fetches one");
    }

    @BeforeEach
    void begin() {
        bench = new MariadbBench(disk, List.of(ShopOnMysql.programs().orElseThrow()));
    }

    @Test
    void shouldStoreWhatTheDatabaseHasAndProveItByARestore() throws Exception {
        ShopOnMysql shop = ShopOnMysql.withOrders(250);

        Archive archive = bench.capture(shop.access());
        Proof read = bench.readback(archive);
        DrillReport drill = bench.drill(archive, shop.access());

        assertThat(archive.serverVersion()).doesNotContain("MariaDB");
        assertThat(archive.tables())
                .containsExactlyInAnyOrderEntriesOf(Map.of("orders", 250L, ShopOnMysql.ODD_TABLE, 3L, "papers", 1L));
        assertThat(Composition.kinds(archive.details().objects()))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("tables", 3L, "views", 1L, "routines", 2L, "triggers", 2L, "events", 1L));
        assertThat(archive.details().notes()).isEmpty();
        assertThat(read.kind()).isEqualTo(ProofKind.READBACK);
        assertThat(RestoreDrill.proof(drill).detail()).contains("3 tables, 254 rows");
        assertThat(shop.scratchSchemas()).isEmpty();
        assertThat(disk.resolve(".run")).isEmptyDirectory();
    }

    @Test
    void shouldBringCountersBackWhereTheyStood() throws Exception {
        ShopOnMysql shop = ShopOnMysql.withOrders(3);
        shop.jdbi().useHandle(handle -> handle.execute("alter table orders auto_increment = 4711"));

        Archive archive = bench.capture(shop.access());

        assertThat(archive.details().objects()).containsEntry("sequence orders (auto_increment)", 4711L);
        assertThat(bench.drill(archive, shop.access()).reason()).isNull();
    }

    @Test
    void shouldSayWhatAServerWithABinaryLogNeedsForAProof() throws Exception {
        ShopOnMysql shop = ShopOnMysql.withOrders(3);
        Archive archive = bench.capture(shop.access());
        shop.trustFunctionCreators(false);
        DrillReport drill;
        try {
            drill = bench.drill(archive, shop.access());
        } finally {
            shop.trustFunctionCreators(true);
        }

        assertThat(drill.reason()).isEqualTo(FailureReason.ACCESS_DENIED);
        assertThat(drill.message()).contains("log_bin_trust_function_creators");
        assertThat(shop.scratchSchemas()).isEmpty();
    }

    @Test
    void shouldAskItsOwnQuestionsOfTheRestoredDatabase() throws Exception {
        ShopOnMysql shop = ShopOnMysql.withOrders(3);
        Archive archive = bench.capture(shop.access());

        DrillReport drill = bench.drill(
                archive,
                shop.access(),
                new Check("json is json", "select data ->> '$.a[2]' = 'b);' from papers", Duration.ofSeconds(5)),
                new Check("slow", "select count(*) = 3 from orders where sleep(20) = 0", Duration.ofSeconds(1)),
                new Check("writing", "with x as (select 1) delete from orders", Duration.ofSeconds(5)));

        assertThat(drill.reason()).isEqualTo(FailureReason.CHECK_FAILED);
        assertThat(drill.checks())
                .extracting(DrillReport.Checked::name, checked -> checked.fault() == null)
                .containsExactly(tuple("json is json", true), tuple("slow", false), tuple("writing", false));
    }

    @Test
    void shouldRefuseAnAccountThatDoesNotSeeTheRoutines() {
        ShopOnMysql shop = ShopOnMysql.withOrders(1);
        Access blind = shop.as("blind", "select, show view, trigger, event on SHOP.*");

        BackupFault fault = refused(blind);

        assertThat(fault.reason()).isEqualTo(FailureReason.ACCESS_DENIED);
        assertThat(fault).hasMessageContaining("GRANT SHOW_ROUTINE ON *.*");
        assertThat(bench.shelf().everything()).isEmpty();
    }

    @Test
    void shouldTakeAnAccountOfOneDatabaseThatSeesItsRoutines() throws Exception {
        ShopOnMysql shop = ShopOnMysql.withOrders(2);
        Access narrow = shop.as("narrow", "select, show view, trigger, event on SHOP.*", "show_routine on *.*");

        Archive archive = bench.capture(narrow);

        assertThat(archive.tables()).containsEntry("orders", 2L);
        assertThat(archive.details().notes())
                .satisfiesExactly(
                        counted -> assertThat(counted).contains("the account lacks RELOAD"),
                        roles -> assertThat(roles).contains("without the server's roles"));
    }

    @Test
    void shouldRefuseAnAccountThatSeesOneOfItsTables() {
        ShopOnMysql shop = ShopOnMysql.withOrders(1);
        Access oneTable = shop.as("onetable", "select on SHOP.orders", "show_routine on *.*");

        BackupFault fault = refused(oneTable);

        assertThat(fault.reason()).isEqualTo(FailureReason.ACCESS_DENIED);
        assertThat(fault).hasMessageContaining("SELECT");
    }

    @Test
    void shouldSayThatTheServerIsNotOfTheTypeTheManifestNames() {
        // New: whom the server has seen by TLS once it lets in without for a while.
        Access mysql = ShopOnMysql.withOrders(1).as("newcomer", "select on SHOP.*");
        Access asMariadb = new Access(
                ServerKind.MARIADB, mysql.host(), mysql.port(), mysql.database(), mysql.user(), mysql.password());

        BackupFault fault = refused(asMariadb);

        assertThat(fault).hasMessageContaining("type: mysql");
    }

    @Test
    void shouldNameThePackageWhereThereAreMariadbsProgramsOnly() {
        ShopOnMysql shop = ShopOnMysql.withOrders(1);

        BackupFault fault = bench.refused(bench.lookingIn(Path.of("/usr/bin")), shop.access());

        assertThat(fault.reason()).isEqualTo(FailureReason.CLIENT_MISSING);
        assertThat(fault).hasMessageContaining("mysql-client").hasMessageContaining("MariaDB");
    }

    @Test
    void shouldFailWhenTheServerEndsTheConnectionOfTheDump() throws Exception {
        ShopOnMysql shop = ShopOnMysql.withOrders(1).withBulk(60);
        Access victim = shop.as("victim", "select, show view, trigger, event, reload on *.*");
        Thread killer = Thread.ofVirtual()
                .start(() -> shop.jdbi().useHandle(handle -> {
                    for (int tries = 0; tries < 5_000; tries++) {
                        List<Long> dumps =
                                handle.createQuery("""
                                select id from information_schema.processlist
                                where user = 'victim' and info like '%SQL_NO_CACHE%bulk%'""").mapTo(Long.class).list();
                        if (!dumps.isEmpty()) {
                            handle.execute("kill " + dumps.getFirst());
                            return;
                        }
                    }
                }));

        BackupFault fault = refused(victim);
        killer.join();

        assertThat(fault.reason()).isEqualTo(FailureReason.DUMP_FAILED);
        assertThat(bench.shelf().everything()).isEmpty();
    }

    @Test
    void shouldKeepTheAccountsBesideWithoutWhatTheyIdentifyThemselvesWith() throws Exception {
        ShopOnMysql shop = ShopOnMysql.withOrders(1);

        bench.capture(shop.access());

        assertThat(Files.readString(bench.shelf().folder(bench.backup()).resolve("roles.sql")))
                .contains("CREATE USER IF NOT EXISTS 'keeper'@'%';", "GRANT SELECT")
                .doesNotContain("IDENTIFIED", "hunter2");
    }

    private BackupFault refused(Access access) {
        return bench.refused(access, MariadbBench.LIMITS);
    }
}
