package dev.slipway.backup.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Composition;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Proof;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.storage.Storage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is taken of a database of MariaDB, and that it comes back.
@Timeout(60)
class MariadbBackupTest {
    @TempDir
    Path disk;

    private MariadbBench bench;

    @BeforeEach
    void open() {
        bench = new MariadbBench(disk);
    }

    @Test
    void shouldStoreWhatTheDatabaseHasAndProveItByARestore() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(250).withObjects();

        Archive archive = bench.capture(shop.access());
        Proof read = bench.readback(archive);
        Proof restored = bench.restore(archive, shop);

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
        assertThat(bench.disk().resolve(".run")).isEmptyDirectory();
    }

    @Test
    void shouldDumpADatabaseWithQuotesInItsName() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.named("\"tea\" 'time' ``", 2);

        Archive archive = bench.capture(shop.access());

        assertThat(bench.restore(archive, shop).detail()).contains("3 tables, 5 rows");
    }

    @Test
    void shouldKeepTheAccountsBesideWithoutWhatTheyIdentifyThemselvesWith() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(1);

        bench.capture(shop.access());

        assertThat(Files.readString(bench.shelf().folder(bench.backup()).resolve("roles.sql")))
                .contains("CREATE USER IF NOT EXISTS 'keeper'@'%';", "GRANT SELECT")
                .doesNotContain("IDENTIFIED", "PASSWORD");
    }

    @Test
    void shouldWriteGzipThatAnybodyReads() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(3);
        Shelf gzip = bench.shelf().by(Storage.Method.GZIP);

        Archive archive = bench.capture(gzip, shop.access(), MariadbBench.LIMITS);

        try (var sql = new GZIPInputStream(Files.newInputStream(gzip.archive(bench.backup(), archive)))) {
            assertThat(new String(sql.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("'order 3',0x00FF275C")
                    .contains("-- Dump completed");
        }
    }

    @Test
    void shouldCountWhatIsDumpedAlthoughTheTableGrows() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(100).withBulk(40);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Archive> capturing = threads.submit(() -> bench.capture(shop.access()));
            long rows = 100;
            while (!capturing.isDone()) {
                rows += shop.jdbi().withHandle(handle -> handle.execute("insert into orders (item) values ('late')"));
            }

            Archive archive = capturing.get();

            assertThat(bench.restore(archive, shop).kind()).isEqualTo(ProofKind.RESTORE);
            assertThat(rows).isGreaterThan(archive.tables().get("orders"));
        }
    }

    @Test
    void shouldLetOthersWriteWhileItWaitsForALockedTable() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5);
        Access access = shop.as("patient", MariadbBench.SEES_ALL, "reload on *.*");
        Limits patient = new Limits(Duration.ofSeconds(5), Duration.ofSeconds(40), Duration.ofMinutes(2));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var holder = shop.jdbi().open()) {
            holder.execute("lock tables orders write");
            Future<Archive> capturing = threads.submit(() -> bench.capture(bench.shelf(), access, patient));
            while (!shop.isWaiting("patient") && !capturing.isDone()) {
                LockSupport.parkNanos(5_000_000);
            }

            shop.jdbi().useHandle(other -> {
                other.execute("set lock_wait_timeout = 1");
                other.execute("insert into nothing_yet values (1)");
            });

            holder.execute("unlock tables");
            assertThat(capturing.get().tables()).containsEntry("nothing_yet", 1L);
        }
    }

    @Test
    void shouldTellOfTablesThatNoSnapshotHolds() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5);
        shop.jdbi().useHandle(handle -> {
            handle.execute("create table audit (n int) engine = MyISAM");
            handle.execute("insert into audit values (1), (2)");
        });

        Archive archive = bench.capture(shop.access());

        assertThat(archive.tables()).containsEntry("audit", 2L);
        assertThat(archive.details().notes())
                .singleElement()
                .asString()
                .contains("not of one moment", "audit (MyISAM)");
        assertThat(bench.restore(archive, shop).detail()).contains("4 tables");
    }

    @Test
    void shouldCountInTheDumpWhenTheAccountMayNotHoldWriters() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(12);

        Archive archive = bench.capture(shop.as("still", MariadbBench.SEES_ALL));

        assertThat(archive.tables()).containsEntry("orders", 12L);
        assertThat(archive.details().notes()).singleElement().asString().contains("RELOAD");
    }
}
