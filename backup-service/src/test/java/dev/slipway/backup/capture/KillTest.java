package dev.slipway.backup.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.SourceDatabase;
import dev.slipway.backup.catalogue.BackupFiles;
import dev.slipway.backup.drill.Drill;
import dev.slipway.backup.engine.ScratchName;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.mariadb.ShopOnMariadb;
import dev.slipway.backup.program.Orphans;
import dev.slipway.backup.request.BackupBench;
import dev.slipway.events.BackupFailed;
import dev.slipway.events.BackupVerified;
import dev.slipway.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Wherever its process is killed, the next worker brings a backup to a good end: nothing false, nothing lost, nothing
/// left.
@Timeout(120)
class KillTest {
    private static final Duration LEASE_OVER = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private final TestDatabase database = TestDatabase.fresh("db/eventing", "db/manifest", "db/migration");

    @ParameterizedTest
    @EnumSource
    void shouldEndRightWhereverItWasKilled(KillPoint point) throws Exception {
        BackupBench bench = bench(SourceDatabase.withOrders(50).withBulk(1));
        Backup backup = bench.queue(ProofKind.RESTORE);

        Process killed = start(bench, point.name());
        assertThat(killed.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(killed.exitValue()).as("the process reached its point").isEqualTo(KillPoint.STATUS);
        bench.clock.advance(LEASE_OVER);
        bench.work();

        assertEndedRight(bench, backup);
    }

    @Test
    void shouldTakeUpADrillOnDemandThatWasKilled() throws Exception {
        BackupBench bench = bench(SourceDatabase.withOrders(50));
        Backup backup = bench.queue(ProofKind.READBACK);
        bench.work();
        Drill drill = bench.drill(backup);

        Process killed = start(bench, KillPoint.READING.name());
        assertThat(killed.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(killed.exitValue()).as("the process reached its point").isEqualTo(KillPoint.STATUS);
        assertThat(bench.source.scratchDatabases()).contains(ScratchName.of(backup.id()));
        bench.clock.advance(LEASE_OVER);
        bench.work();

        assertThat(bench.drill(drill).state()).isEqualTo(Drill.State.PASSED);
        assertEndedRight(bench, backup);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEndTheProgramsThatAKilledServiceLeftInADrill(boolean onDemand) throws Exception {
        SourceDatabase source = SourceDatabase.withOrders(50);
        String please = "slow_please_" + ProcessHandle.current().pid();
        source.jdbi().useHandle(handle -> handle.execute("""
                create role %1$s;
                create function public.slow_in_scratch(id bigint) returns bigint immutable language plpgsql as $$
                begin
                  if current_database() like 'slipway\\_scratch%%' and to_regrole('%1$s') is not null then
                    perform pg_sleep(300);
                  end if;
                  return id;
                end $$;
                create index slow on orders (public.slow_in_scratch(id))""".formatted(please)));
        BackupBench bench = bench(source);
        Backup backup = bench.queue(onDemand ? ProofKind.READBACK : ProofKind.RESTORE);
        if (onDemand) {
            bench.work();
            bench.drill(backup);
        }
        Process killed = start(bench, KilledService.NOWHERE);
        try {
            await(() -> isSleepingIn(source, ScratchName.of(backup.id())));
        } finally {
            killed.destroyForcibly().waitFor();
        }
        source.jdbi().useHandle(handle -> handle.execute("drop role " + please));
        assertThat(Orphans.left(backup.id()))
                .as("the program outlives its service")
                .isNotEmpty();
        bench.clock.advance(LEASE_OVER);

        bench.work();

        assertEndedRight(bench, backup);
    }

    @ParameterizedTest
    @EnumSource(names = {"DUMPING", "ONE_MANIFEST", "RESTORING"})
    void shouldEndRightWhereverItWasKilledWithMariadb(KillPoint point) throws Exception {
        ShopOnMariadb shop = ShopOnMariadb.withOrders(50).withObjects().withNoise(2);
        BackupBench bench = bench(shop.source());
        Backup backup = bench.queue(ProofKind.RESTORE);

        Process killed = start(bench, point.name());
        assertThat(killed.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(killed.exitValue()).as("the process reached its point").isEqualTo(KillPoint.STATUS);
        bench.clock.advance(LEASE_OVER);
        bench.work();

        assertStoredRight(bench, backup);
        assertThat(shop.scratchSchemas()).isEmpty();
        assertThat(shop.connectionsEnd("keeper")).isTrue();
    }

    private void assertEndedRight(BackupBench bench, Backup backup) throws Exception {
        assertStoredRight(bench, backup);
        assertThat(bench.source.scratchDatabases()).doesNotContain(ScratchName.of(backup.id()));
        assertThat(bench.source.sessionsEnd(backup.id())).isTrue();
    }

    private void assertStoredRight(BackupBench bench, Backup backup) throws Exception {
        assertThat(bench.backup(backup.id()).state()).isInstanceOf(BackupState.Completed.class);
        BackupState.Completed completed =
                (BackupState.Completed) bench.backup(backup.id()).state();
        Archive archive = completed.archive();
        assertThat(completed.proves(ProofKind.RESTORE)).isTrue();
        assertThat(archive.locations()).isNotEmpty();
        for (Location location : bench.locations) {
            boolean has = archive.locations().contains(location.name());
            assertThat(location.files(backup.database(), backup.id()))
                    .as(location.name())
                    .containsExactlyInAnyOrderElementsOf(
                            has
                                    ? List.of(
                                            archive.packing().file(),
                                            "manifest.json",
                                            archive.details().roles().file())
                                    : List.of());
            if (has) {
                assertThat(new BackupFiles(location, backup.database(), backup.id())
                                .finished(bench.storages.of(backup).keys()))
                        .hasValueSatisfying(manifest ->
                                assertThat(manifest.archive().sha256()).isEqualTo(archive.sha256()));
            }
        }
        assertThat(Shelf.everything(folder))
                .as("drafts and passwords")
                .noneMatch(file -> file.endsWith(".part") || file.contains("pgpass") || file.endsWith(".cnf"));
        assertThat(Orphans.left(backup.id())).isEmpty();
        assertThat(bench.told(BackupVerified.class)).hasSize(1);
        assertThat(bench.told(BackupFailed.class)).isEmpty();
    }

    private BackupBench bench(SourceDatabase source) {
        return new BackupBench(source, source.access(), folder, database.jdbi(), KilledService.locations(folder));
    }

    private Process start(BackupBench bench, String point) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledService.class.getName(),
                        point,
                        database.url(),
                        database.user(),
                        database.password(),
                        Integer.toString(bench.source.access().port()),
                        bench.source.access().database(),
                        folder.toString(),
                        bench.source.access().kind().name()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static boolean isSleepingIn(SourceDatabase source, String name) {
        return source.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "select exists (select from pg_stat_activity where datname = ? and wait_event = 'PgSleep')")
                        .bind(0, name)
                        .mapTo(Boolean.class)
                        .one());
    }

    private static void await(BooleanSupplier condition) {
        for (int tries = 0; tries < 6_000 && !condition.getAsBoolean(); tries++) {
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }
}
