package dev.slipway.backup.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Job;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.location.DiskLocation;
import dev.slipway.backup.location.MoodyLocation;
import dev.slipway.backup.program.Orphans;
import dev.slipway.backup.program.Run;
import dev.slipway.backup.storage.Storage;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is left of one that was stopped or killed: nothing.
@Timeout(60)
class MariadbTidyUpTest {
    @TempDir
    Path disk;

    private MariadbBench bench;

    @BeforeEach
    void open() {
        bench = new MariadbBench(disk);
    }

    @Test
    void shouldLeaveNothingOnTheServerWhenItIsStoppedInADump() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5).withNoise(16);
        Access access = shop.as("stopped", MariadbBench.SEES_ALL, "reload on *.*");
        MoodyLocation hanging =
                new MoodyLocation("disk", new DiskLocation("disk", bench.disk()), MoodyLocation.Mood.HANGING, 200_000);
        Shelf onto = Shelf.of(bench.disk(), List.of(hanging), 1, Storage.Method.ZSTD, null);
        Run run = new Run(bench.backup(), () -> true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<BackupFault> capturing = threads.submit(() -> ScopedValue.where(Run.CURRENT, run)
                    .call(() -> catchThrowableOfType(
                            BackupFault.class, () -> bench.capture(onto, access, MariadbBench.LIMITS))));
            hanging.awaitHanging();
            assertThat(shop.connections("stopped")).hasSizeGreaterThanOrEqualTo(2);

            run.stop();

            assertThat(capturing.get()).isNotNull();
        }
        bench.nothingIsLeft();
        assertThat(shop.connectionsEnd("stopped")).isTrue();
        assertThat(Orphans.left(bench.backup())).isEmpty();
    }

    @Test
    @Timeout(30)
    void shouldNotWaitForALockWhenItIsStopped() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5);
        Access access = shop.as("stopped", MariadbBench.SEES_ALL, "reload on *.*");
        Limits patient = new Limits(Duration.ofSeconds(5), Duration.ofMinutes(2), Duration.ofMinutes(2));
        Run run = new Run(bench.backup(), () -> true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var handle = shop.jdbi().open()) {
            handle.execute("lock tables orders write");
            Future<BackupFault> capturing = threads.submit(
                    () -> ScopedValue.where(Run.CURRENT, run).call(() -> bench.refused(access, patient)));
            while (!shop.isWaiting("stopped")) {
                LockSupport.parkNanos(5_000_000);
            }

            run.stop();

            assertThat(capturing.get()).isNotNull();
            assertThat(shop.connectionsEnd("stopped")).isTrue();
        }
        bench.nothingIsLeft();
    }

    @Test
    void shouldTidyUpAfterAKilledWorker() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5);
        Job lost = new Job(bench.backup(), shop.access(), MariadbBench.LIMITS);
        Archive archive = bench.capture(shop.access());
        var engine = bench.engines().of(archive);
        engine.scratch(lost, archive);
        OptionFile.write(bench.disk().resolve(".run"), bench.backup(), shop.access());
        MariadbSession left = MariadbSession.open(lost);

        engine.tidyUp(lost);

        assertThat(shop.scratchSchemas()).isEmpty();
        assertThat(bench.disk().resolve(".run")).isEmptyDirectory();
        assertThatThrownBy(() -> left.text("SELECT 1")).isInstanceOf(SQLException.class);
    }

    @Test
    void shouldDropTheScratchSchemasOfBackupsThatAreOverOnly() throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(5);
        Archive archive = bench.capture(shop.access());
        var engine = bench.engines().of(archive);
        UUID over = UUID.randomUUID();
        engine.scratch(new Job(over, shop.access(), MariadbBench.LIMITS), archive);
        try (var other = engine.scratch(new Job(UUID.randomUUID(), shop.access(), MariadbBench.LIMITS), archive)) {
            var dropped =
                    engine.dropScratch(new Job(bench.backup(), shop.access(), MariadbBench.LIMITS), _ -> Set.of(over));

            assertThat(dropped).containsExactly(over);
            assertThat(shop.scratchSchemas()).containsExactly(other.access().database());
        }
    }
}
