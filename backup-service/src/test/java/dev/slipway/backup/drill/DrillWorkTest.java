package dev.slipway.backup.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.backup.SourceDatabase;
import dev.slipway.backup.engine.ScratchName;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState.Completed;
import dev.slipway.backup.ledger.BackupState.Failed;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.location.DiskLocation;
import dev.slipway.backup.request.BackupBench;
import dev.slipway.events.BackupDoubted;
import dev.slipway.events.BackupFailed;
import dev.slipway.events.BackupRecovered;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DrillWorkTest {
    @TempDir
    Path folder;

    private final SourceDatabase source = SourceDatabase.withOrders(20);

    private Backup readBack(BackupBench bench) {
        Backup queued = bench.queue(ProofKind.READBACK);
        bench.work();
        return bench.backup(queued.id());
    }

    @Test
    void shouldProveALongCompletedBackupByADrill() {
        BackupBench bench = new BackupBench(source, folder);
        Backup backup = readBack(bench);
        Drill asked = bench.drill(backup);
        assertThat(bench.drill(backup).id()).as("one of a backup at a time").isEqualTo(asked.id());

        bench.work();

        Drill drill = bench.drill(asked);
        assertThat(drill.state()).isEqualTo(Drill.State.PASSED);
        assertThat(drill.report().rows()).isEqualTo(22);
        assertThat(((Completed) bench.backup(backup.id()).state()).proves(ProofKind.RESTORE))
                .isTrue();
    }

    @Test
    void shouldLetNobodyRelyOnABackupThatADrillFoundDamaged() throws Exception {
        BackupBench bench = new BackupBench(source, folder);
        Backup backup = readBack(bench);
        byte[] bytes = Files.readAllBytes(bench.archive(backup));
        bytes[bytes.length / 2] ^= 1;
        Files.write(bench.archive(backup), bytes);
        Drill asked = bench.drill(backup);

        bench.work();

        assertThat(bench.drill(asked).state()).isEqualTo(Drill.State.FAILED);
        assertThat(bench.backup(backup.id()).state()).isInstanceOf(Failed.class);
        assertThat(bench.told(BackupFailed.class))
                .singleElement()
                .satisfies(told -> assertThat(told.reason()).isEqualTo("archive-damaged"));
        assertThat(source.scratchDatabases()).doesNotContain(ScratchName.of(backup.id()));
    }

    @Test
    void shouldKeepWhatADrillOfABackupsOwnProofFound() {
        BackupBench bench = new BackupBench(source, folder);

        Backup queued = bench.queue(ProofKind.RESTORE);
        bench.work();

        List<String> states =
                bench.jdbi.withHandle(handle -> handle.createQuery("select state from drill where backup = ?")
                        .bind(0, queued.id())
                        .mapTo(String.class)
                        .list());
        assertThat(states).containsExactly("passed");
    }

    @Test
    void shouldGiveADrillUpThatIsInterruptedAgainAndAgain() {
        BackupBench bench = new BackupBench(source, folder);
        Drill asked = bench.drill(readBack(bench));
        bench.jdbi.useHandle(handle -> handle.execute("update drill set state = 'running', attempt = 8"));

        bench.work();

        assertThat(bench.drill(asked).report().reason()).isEqualTo(FailureReason.INTERRUPTED);
        assertThat(bench.told(BackupDoubted.class))
                .singleElement()
                .satisfies(told -> assertThat(told.kind()).isEqualTo("drill"));
    }

    @Test
    void shouldLeaveABackupWhatItIsWhenTheServerIsToBlameAndTellOfIt() {
        BackupBench bench = new BackupBench(source, folder);
        Backup backup = readBack(bench);
        source.jdbi().useHandle(handle -> handle.execute("alter role keeper nocreatedb"));
        Drill failing = bench.drill(backup);
        try {
            bench.work();
        } finally {
            source.jdbi().useHandle(handle -> handle.execute("alter role keeper createdb"));
        }
        assertThat(bench.drill(failing).report().reason()).isEqualTo(FailureReason.ACCESS_DENIED);
        assertThat(bench.backup(backup.id()).state()).isInstanceOf(Completed.class);
        assertThat(bench.told(BackupDoubted.class)).hasSize(1);

        Drill passing = bench.drill(backup);
        bench.work();

        assertThat(bench.drill(passing).state()).isEqualTo(Drill.State.PASSED);
        assertThat(bench.told(BackupRecovered.class))
                .singleElement()
                .satisfies(told -> assertThat(told.cause()).isEqualTo("drill"));
    }

    @Test
    void shouldFailADrillButNotItsBackupWhenACheckIsNotTrueAnyMore() {
        BackupBench bench = new BackupBench(source, folder);
        Backup backup = readBack(bench);
        bench.putManifest("checked", "checks: [{name: none-missing, sql: select count(*) = 21 from orders}]");
        Drill asked = bench.drill(backup);

        bench.work();

        assertThat(bench.drill(asked).report().message())
                .isEqualTo("the check 'none-missing' is not true: the answer is false");
        assertThat(bench.backup(backup.id()).state()).isInstanceOf(Completed.class);
    }

    @Test
    void shouldFailABackupWhoseOwnChecksAreNotTrue() {
        BackupBench bench = new BackupBench(source, folder);
        bench.putManifest("checked", "checks: [{name: none-missing, sql: select count(*) = 21 from orders}]");

        Backup queued = bench.queue(ProofKind.RESTORE);
        bench.work();

        assertThat(bench.backup(queued.id()).state()).isInstanceOfSatisfying(Failed.class, failed -> {
            assertThat(failed.reason()).isEqualTo(FailureReason.CHECK_FAILED);
            assertThat(failed.message()).contains("'none-missing'");
        });
        assertThat(source.scratchDatabases()).doesNotContain(ScratchName.of(queued.id()));
    }

    @Test
    void shouldHaveADamagedCopyMadeAnewWhenAnotherIsGood() throws Exception {
        BackupBench bench = new BackupBench(
                source,
                folder,
                List.of(
                        new DiskLocation("disk", folder.resolve("a")),
                        new DiskLocation("second", folder.resolve("b"))));
        Backup backup = readBack(bench);
        Path copy = folder.resolve("a").resolve(folder.relativize(bench.archive(backup)));
        byte[] written = Files.readAllBytes(copy);
        byte[] bytes = written.clone();
        bytes[bytes.length / 2] ^= 1;
        Files.write(copy, bytes);
        Drill asked = bench.drill(backup);

        bench.work();

        assertThat(bench.drill(asked).report().reason()).isEqualTo(FailureReason.ARCHIVE_DAMAGED);
        assertThat(bench.backup(backup.id()).state()).isInstanceOf(Completed.class);
        assertThat(Files.readAllBytes(copy)).isEqualTo(written);
    }

    @Test
    void shouldLetNobodyRelyOnABackupThatRestoresWrongly() {
        BackupBench bench = new BackupBench(source, folder);
        Backup backup = readBack(bench);
        bench.jdbi.useHandle(handle ->
                handle.execute("update backup set state = jsonb_set(state, '{archive,tables,public.orders}', '21')"));
        Drill asked = bench.drill(backup);

        bench.work();

        assertThat(bench.drill(asked).report().reason()).isEqualTo(FailureReason.COUNTS_DIFFER);
        assertThat(bench.backup(backup.id()).state())
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.message())
                                .isEqualTo("a drill found: public.orders: 21 in the snapshot, 20 restored"));
    }

    @Test
    void shouldStopADrillThatAnotherWorkerTookOverAndSayNothingOfIt() throws Exception {
        BackupBench bench = new BackupBench(source, folder);
        Backup backup = readBack(bench);
        bench.putManifest("slow", "checks: [{name: slow, sql: select pg_sleep(40) is not null, limit: PT50S}]");
        Drill asked = bench.drill(backup);
        Thread worker = Thread.ofVirtual().start(bench::work);
        while (!isAsked(ScratchName.of(backup.id()))) {
            LockSupport.parkNanos(10_000_000);
        }

        bench.jdbi.useHandle(handle -> handle.execute("update drill set attempt = attempt + 1"));

        assertThat(worker.join(Duration.ofSeconds(20))).isTrue();
        assertThat(bench.drill(asked).state()).isEqualTo(Drill.State.RUNNING);
        assertThat(bench.drill(asked).report()).isNull();
        assertThat(bench.told(BackupDoubted.class)).isEmpty();
    }

    private boolean isAsked(String database) {
        return source.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "select exists (select from pg_stat_activity where datname = ? and wait_event = 'PgSleep')")
                        .bind(0, database)
                        .mapTo(Boolean.class)
                        .one());
    }

    @Test
    void shouldTellOfABackupThatIsFarSmallerThanThoseBeforeIt() {
        BackupBench bench = new BackupBench(source.withBulk(4), folder);
        readBack(bench);
        readBack(bench);
        assertThat(bench.told(BackupDoubted.class)).isEmpty();
        source.jdbi().useHandle(handle -> handle.execute("drop table bulk"));

        Backup small = readBack(bench);

        assertThat(small.state()).isInstanceOf(Completed.class);
        assertThat(bench.told(BackupDoubted.class)).singleElement().satisfies(told -> {
            assertThat(told.kind()).isEqualTo("size");
            assertThat(told.backup()).isEqualTo(small.id());
        });
    }

    @Test
    void shouldProveNoBackupOfASizeThatTheManifestRulesOut() {
        BackupBench bench = new BackupBench(source.withBulk(4), folder);
        bench.putManifest("ranged", "size: {least: 1 GB}");
        assertThat(readBack(bench).state())
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.reason()).isEqualTo(FailureReason.SIZE_IMPLAUSIBLE));
        bench.putManifest("strict", "size: {times: 2, otherwise: fail}");
        assertThat(readBack(bench).state()).isInstanceOf(Completed.class);
        source.jdbi().useHandle(handle -> handle.execute("drop table bulk"));

        assertThat(readBack(bench).state())
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.reason()).isEqualTo(FailureReason.SIZE_IMPLAUSIBLE));
    }

    @Test
    void shouldLeaveTheScratchDatabaseOfARunningDrillToIt() {
        BackupBench bench = new BackupBench(source, folder);
        Backup backup = readBack(bench);
        bench.drill(backup);

        bench.jdbi.useHandle(handle -> {
            assertThat(bench.backups.over(handle, List.of(backup.id()))).hasSize(1);
            handle.execute("update drill set state = 'running'");
            assertThat(bench.backups.over(handle, List.of(backup.id()))).isEmpty();
        });
    }
}
