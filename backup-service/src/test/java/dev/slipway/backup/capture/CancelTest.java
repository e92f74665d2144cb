package dev.slipway.backup.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.SourceDatabase;
import dev.slipway.backup.engine.ScratchName;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.CancelWish;
import dev.slipway.backup.ledger.Progress;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.location.MoodyLocation;
import dev.slipway.backup.location.MoodyLocation.Mood;
import dev.slipway.backup.program.Orphans;
import dev.slipway.backup.request.BackupBench;
import dev.slipway.events.BackupCancelled;
import dev.slipway.events.BackupFailed;
import dev.slipway.events.BackupProgressed;
import dev.slipway.events.BackupVerified;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CancelTest {
    @TempDir
    Path disk;

    @Test
    void shouldTellHowFarADumpIsAndLeaveNothingOfItWhenItIsCancelled() throws Exception {
        SourceDatabase source = SourceDatabase.withOrders(20).withBulk(24);
        MoodyLocation slow = new MoodyLocation("disk", Shelf.disk(disk), Mood.HANGING, 2_000_000);
        BackupBench bench = new BackupBench(source, disk, List.of(slow));
        Backup backup = bench.queue(ProofKind.READBACK);
        Thread worker = Thread.ofVirtual().start(bench::work);
        slow.awaitHanging();
        await(() -> bench.told(BackupProgressed.class).stream().anyMatch(told -> told.bytes() > 0));
        Progress progress = bench.jdbi
                .withHandle(handle -> bench.runs.progress(handle, backup.id()))
                .orElseThrow();

        bench.cancel(backup);
        worker.join();

        assertThat(progress.stage()).isEqualTo("dumping");
        assertThat(progress.bytes()).isPositive();
        assertThat(progress.tables()).isEqualTo(4);
        assertThat(progress.tablesDone()).isLessThan(4);
        assertNothingIsLeft(bench, backup);
        assertThat(bench.told(BackupCancelled.class))
                .singleElement()
                .satisfies(told -> assertThat(told.by() + ": " + told.reason()).isEqualTo("mara: not now"));
        assertThat(bench.told(BackupFailed.class)).isEmpty();
    }

    @Test
    void shouldLeaveNoScratchDatabaseWhenADrillIsCancelled() throws Exception {
        SourceDatabase source = SourceDatabase.withOrders(20);
        source.jdbi().useHandle(handle -> handle.execute("""
                create function public.slow_in_scratch(id bigint) returns bigint immutable language plpgsql as $$
                begin
                  if current_database() like 'slipway_scratch%%' then perform pg_sleep(300); end if;
                  return id;
                end $$;
                create index slow on orders (public.slow_in_scratch(id))"""));
        BackupBench bench = new BackupBench(source, disk);
        Backup backup = bench.queue(ProofKind.RESTORE);
        Thread worker = Thread.ofVirtual().start(bench::work);
        await(() -> isSleepingIn(source, ScratchName.of(backup.id())));

        bench.cancel(backup);
        worker.join();

        assertNothingIsLeft(bench, backup);
        assertThat(source.scratchDatabases()).doesNotContain(ScratchName.of(backup.id()));
        int reports = bench.jdbi.withHandle(handle -> handle.createQuery("select count(*) from drill")
                .mapTo(Integer.class)
                .one());
        assertThat(reports).as("of what nobody let come to its end").isZero();
    }

    @Test
    void shouldCancelAtOnceWhatWaitsAndTellWhoAsked() {
        BackupBench bench = new BackupBench(SourceDatabase.withOrders(1), disk);
        Backup running = bench.begin(bench.queue(ProofKind.READBACK));
        bench.holdCaptures();
        bench.request(bench.ask().proof("restore"));
        // Both were asked for in one moment: which is listed first is left to chance.
        Backup waiting = bench.all().stream()
                .filter(one -> !one.id().equals(running.id()))
                .findFirst()
                .orElseThrow();

        Backup cancelled = bench.cancel(waiting);

        assertThat(cancelled.state()).isInstanceOf(BackupState.Cancelled.class);
        assertThat(bench.told(BackupFailed.class)).singleElement().satisfies(told -> {
            assertThat(told.reason()).isEqualTo("cancelled");
            assertThat(told.message()).contains("mara", "not now");
            assertThat(told.environment()).as("nobody's incident").isNull();
        });
    }

    @Test
    void shouldFinishCancellingWhenTheWorkerWasKilledMeanwhile() throws Exception {
        BackupBench bench = new BackupBench(SourceDatabase.withOrders(20), disk);
        Backup backup = bench.begin(bench.queue(ProofKind.READBACK));
        bench.capture(backup);
        bench.cancel(backup);
        bench.cancel(backup);

        bench.work();

        assertNothingIsLeft(bench, backup);
        assertThat(bench.told(BackupCancelled.class)).hasSize(1);
    }

    /// Between the last look for a wish and the end: whoever cancels then is heard too.
    @Test
    void shouldCancelInTheLastMoment() throws Exception {
        BackupBench bench = new BackupBench(SourceDatabase.withOrders(20), disk);
        Backup backup = bench.queue(ProofKind.READBACK);
        try (var tx = bench.jdbi.open()) {
            Thread worker = Thread.ofVirtual().start(bench::work);
            await(() -> bench.backup(backup.id()).state() instanceof BackupState.Verifying);
            tx.begin();
            tx.execute("select from backup where id = ? for no key update", backup.id());
            await(() -> isWaitedFor(bench));
            bench.jdbi.useTransaction(other ->
                    bench.runs.cancel(other, new CancelWish(backup.id(), "mara", "not now", bench.clock.instant())));
            tx.commit();
            worker.join();
        }

        bench.clock.advance(Duration.ofMinutes(1));
        bench.work();

        assertNothingIsLeft(bench, backup);
        assertThat(bench.told(BackupVerified.class)).isEmpty();
    }

    private static boolean isWaitedFor(BackupBench bench) {
        return bench.jdbi.withHandle(
                handle -> handle.createQuery("""
                        select exists (select from pg_stat_activity
                            where datname = current_database() and wait_event_type = 'Lock')""").mapTo(Boolean.class).one());
    }

    @Test
    void shouldLeaveACompletedBackupAlone() {
        BackupBench bench = new BackupBench(SourceDatabase.withOrders(1), disk);
        Backup backup = bench.queue(ProofKind.READBACK);
        bench.work();

        Backup after = bench.cancel(backup);

        assertThat(after.state()).isInstanceOf(BackupState.Completed.class);
        Optional<CancelWish> wish = bench.jdbi.withHandle(handle -> bench.runs.wish(handle, backup.id()));
        assertThat(wish).isEmpty();
    }

    private void assertNothingIsLeft(BackupBench bench, Backup backup) throws InterruptedException {
        assertThat(bench.backup(backup.id()).state()).isInstanceOf(BackupState.Cancelled.class);
        assertThat(Shelf.everything(disk)).isEmpty();
        assertThat(bench.source.sessionsEnd(backup.id())).isTrue();
        assertThat(Orphans.left(backup.id())).as("programs").isEmpty();
        Optional<Progress> progress = bench.jdbi.withHandle(handle -> bench.runs.progress(handle, backup.id()));
        assertThat(progress).isEmpty();
    }

    private static boolean isSleepingIn(SourceDatabase source, String database) {
        return source.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "select exists (select from pg_stat_activity where datname = ? and wait_event = 'PgSleep')")
                        .bind(0, database)
                        .mapTo(Boolean.class)
                        .one());
    }

    private static void await(BooleanSupplier condition) {
        for (int tries = 0; tries < 3_000 && !condition.getAsBoolean(); tries++) {
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }
}
