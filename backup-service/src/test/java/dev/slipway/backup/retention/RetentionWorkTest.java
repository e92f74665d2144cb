package dev.slipway.backup.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.Signal;
import dev.slipway.backup.retention.RetentionBench.StubbornDisk;
import dev.slipway.events.BackupRecovered;
import dev.slipway.events.Event;
import dev.slipway.events.PipelineRun;
import dev.slipway.events.ReleaseFinished;
import dev.slipway.events.ReleaseRef;
import dev.slipway.events.RetentionReported;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RetentionWorkTest {
    @TempDir
    Path disk;

    @Test
    void shouldRemoveWhatNoRuleKeepsAndNothingElse() throws Exception {
        RetentionBench bench = new RetentionBench(disk);
        bench.policy("last: 1");
        Backup old = bench.completed("2026-03-29T02:00:00Z");
        Backup newest = bench.completed("2026-03-31T02:00:00Z");
        Path somebodyElses = bench.folder(UUID.randomUUID());
        Files.createDirectories(somebodyElses);
        Files.writeString(somebodyElses.resolve("notes.txt"), "mine");

        bench.work();

        assertThat(bench.folder(old.id())).doesNotExist();
        assertThat(Shelf.everything(bench.folder(newest.id())))
                .containsExactly("archive.dump.zst", "manifest.json", "roles.sql");
        assertThat(somebodyElses.resolve("notes.txt")).exists();
        assertThat(bench.state(old)).isInstanceOfSatisfying(BackupState.Expired.class, expired -> {
            assertThat(expired.why()).isEqualTo("no rule keeps it: last 1 (Z)");
            assertThat(expired.archive()).isNotNull();
        });
        assertThat(bench.state(newest)).isInstanceOf(BackupState.Completed.class);
        assertThat(bench.left()).isEmpty();
    }

    @Test
    void shouldLetWhoeverReadsFromItComeToAnEnd() throws Exception {
        RetentionBench bench = new RetentionBench(disk);
        bench.policy("last: 1");
        Backup old = bench.completed("2026-03-29T02:00:00Z");
        bench.completed("2026-03-31T02:00:00Z");

        bench.workNow();
        bench.clock.advance(ApplyRetention.DELAY.minusSeconds(1));
        bench.workNow();

        assertThat(bench.state(old)).isInstanceOf(BackupState.Expired.class);
        assertThat(bench.folder(old.id())).isNotEmptyDirectory();
    }

    @Test
    void shouldGoOnWhenAFileIsGoneAlready() throws Exception {
        RetentionBench bench = new RetentionBench(disk);
        bench.policy("last: 1");
        bench.completedAndGone("2026-03-28T02:00:00Z");
        Backup half = bench.completed("2026-03-29T02:00:00Z");
        bench.completed("2026-03-31T02:00:00Z");
        Files.delete(bench.folder(half.id()).resolve("archive.dump.zst"));

        bench.work();

        assertThat(bench.folder(half.id())).doesNotExist();
        assertThat(bench.left()).isEmpty();
    }

    @Test
    void shouldKeepWhatSomebodyPinnedUntilItIsUnpinned() throws Exception {
        RetentionBench bench = new RetentionBench(disk);
        bench.policy("last: 1");
        Backup pinned = bench.completed("2026-01-01T02:00:00Z");
        bench.completed("2026-03-31T02:00:00Z");
        bench.pin(pinned, "before the move");
        bench.work();
        BackupState while_ = bench.state(pinned);

        bench.jdbi.useTransaction(tx -> bench.keeps.unpin(tx, pinned.id()));
        bench.work();

        assertThat(while_).isInstanceOf(BackupState.Completed.class);
        assertThat(bench.state(pinned)).isInstanceOf(BackupState.Expired.class);
    }

    @Test
    void shouldKeepWhatAReleaseHoldsUntilAWhileAfterItsEnd() throws Exception {
        RetentionBench bench = new RetentionBench(disk);
        bench.policy("last: 1, releases: P2D");
        UUID release = UUID.randomUUID();
        Backup held = bench.completed("2026-03-29T02:00:00Z");
        bench.completed("2026-03-31T02:00:00Z");
        bench.hold(held, release);
        bench.clock.advance(Duration.ofDays(30));
        bench.work();
        BackupState running = bench.state(held);

        bench.jdbi.useTransaction(tx -> bench.released.handle(tx, finished(bench, release)));
        bench.clock.advance(Duration.ofHours(46));
        bench.work();
        BackupState justOver = bench.state(held);
        bench.clock.advance(Duration.ofHours(2));
        bench.work();

        assertThat(running).isInstanceOf(BackupState.Completed.class);
        assertThat(justOver).isInstanceOf(BackupState.Completed.class);
        assertThat(bench.state(held)).isInstanceOf(BackupState.Expired.class);
    }

    /// Whoever comes second meets what the first did: a backup is held and stays, or is let go and cannot be held.
    @Test
    void shouldNotLetGoWhatAReleaseTakesInThisMoment() throws Exception {
        RetentionBench bench = new RetentionBench(disk);
        bench.policy("last: 1");
        Backup held = bench.completed("2026-03-29T02:00:00Z");
        Backup gone = bench.completed("2026-03-28T02:00:00Z");
        bench.completed("2026-03-31T02:00:00Z");
        Future<?> retention;
        boolean takenLate;
        try (var threads = Executors.newSingleThreadExecutor()) {
            try (var tx = bench.jdbi.open()) {
                tx.begin();
                boolean taken = bench.keeps.hold(tx, held.id(), UUID.randomUUID(), bench.clock.instant());
                retention = threads.submit(bench::workNow);
                boolean waits = bench.isWaitedFor();
                tx.commit();
                assertThat(taken).isTrue();
                assertThat(waits).isTrue();
            }
            retention.get(20, TimeUnit.SECONDS);
            takenLate = bench.jdbi.inTransaction(
                    tx -> bench.keeps.hold(tx, gone.id(), UUID.randomUUID(), bench.clock.instant()));
        }

        assertThat(bench.state(held)).isInstanceOf(BackupState.Completed.class);
        assertThat(bench.state(gone)).isInstanceOf(BackupState.Expired.class);
        assertThat(takenLate).isFalse();
    }

    @Test
    void shouldNotLetGoWhatSomebodyPinsInThisMoment() throws Exception {
        RetentionBench bench = new RetentionBench(disk);
        bench.policy("last: 1");
        Backup pinned = bench.completed("2026-03-29T02:00:00Z");
        bench.completed("2026-03-31T02:00:00Z");
        try (var threads = Executors.newSingleThreadExecutor();
                var tx = bench.jdbi.open()) {
            tx.begin();
            bench.backups.lock(tx, pinned.id());
            Future<?> retention = threads.submit(bench::workNow);
            boolean waits = bench.isWaitedFor();
            bench.keeps.pin(tx, pinned.id(), new Pin("wait", "mara", bench.clock.instant()));
            tx.commit();
            retention.get(20, TimeUnit.SECONDS);

            assertThat(waits).isTrue();
        }

        assertThat(bench.state(pinned)).isInstanceOf(BackupState.Completed.class);
    }

    @Test
    void shouldNotTakeForGoneWhatALocationOnlySaysItDeleted() throws Exception {
        RetentionBench.StubbornDisk stubborn = new RetentionBench.StubbornDisk();
        RetentionBench bench = new RetentionBench(disk, stubborn.over(disk));
        bench.policy("last: 1");
        Backup going = bench.completed("2026-03-29T02:00:00Z");
        bench.completed("2026-03-31T02:00:00Z");
        stubborn.pretend(true);

        bench.work();

        assertThat(bench.left()).singleElement().satisfies(expiry -> {
            assertThat(expiry.backup()).isEqualTo(going.id());
            assertThat(expiry.fault()).contains("still there after they were removed", "archive.dump.zst");
        });
    }

    @Test
    void shouldRemoveWhatFailedByItsOwnRule() throws Exception {
        RetentionBench bench = new RetentionBench(disk);
        bench.policy("last: 3, failedDays: 2");
        Backup lookedAt = bench.failed("2026-03-29T11:00:00Z");
        Backup fresh = bench.failed("2026-03-29T14:00:00Z");

        bench.work();

        assertThat(bench.folder(lookedAt.id())).doesNotExist();
        assertThat(bench.folder(fresh.id())).isNotEmptyDirectory();
    }

    @Test
    void shouldNeverLetTheLastProvedOneGoHoweverOldItIs() throws Exception {
        RetentionBench bench = new RetentionBench(disk);
        bench.policy("days: 7");
        Backup only = bench.completed("2025-01-01T02:00:00Z");
        for (int day = 20; day < 31; day++) {
            bench.failed("2026-03-%dT02:00:00Z".formatted(day));
        }

        bench.work();

        assertThat(bench.state(only)).isInstanceOf(BackupState.Completed.class);
        assertThat(bench.folder(only.id())).isNotEmptyDirectory();
    }

    @Test
    void shouldReportOnceADayThatItWorks() throws Exception {
        RetentionBench bench = new RetentionBench(disk);
        bench.policy("last: 1");
        bench.completed("2026-03-29T02:00:00Z");
        bench.completed("2026-03-31T02:00:00Z");

        for (int hour = 0; hour < 30; hour++) {
            bench.work();
        }

        assertThat(bench.told(RetentionReported.class)).hasSize(2).first().satisfies(report -> {
            assertThat(report.environment()).isEqualTo("shop/production");
            assertThat(report.kept()).isEqualTo(1);
            assertThat(report.keptBytes()).isEqualTo(12_345);
            assertThat(report.expired()).isEqualTo(1);
            assertThat(report.leftOver()).isEqualTo(1);
            assertThat(report.ok()).isTrue();
        });
        assertThat(bench.reports().getFirst().reason())
                .isEqualTo("1 proved backups kept by last 1 (Z); what was let go is gone");
        assertThat(bench.reports().getFirst().expired()).isZero();
    }

    @Test
    void shouldTryAgainAndSayWhenItCannotRemove() throws Exception {
        StubbornDisk stubborn = new StubbornDisk();
        RetentionBench bench = new RetentionBench(disk, stubborn.over(disk));
        bench.policy("last: 1");
        Backup old = bench.completed("2026-03-29T02:00:00Z");
        bench.completed("2026-03-31T02:00:00Z");
        stubborn.refuse(true);
        for (int hour = 0; hour < 50; hour++) {
            bench.work();
        }
        List<RetentionReported> broken = bench.told(RetentionReported.class).stream()
                .filter(report -> !report.ok())
                .toList();

        stubborn.refuse(false);
        bench.jdbi.useTransaction(tx -> bench.schedule.now(tx, RetentionBench.ORDERS));
        bench.workNow();
        for (int hour = 0; hour < 25; hour++) {
            bench.work();
        }

        assertThat(broken).hasSize(1).first().satisfies(report -> {
            assertThat(report.reason())
                    .startsWith("backup %s is to be removed from disk since".formatted(old.id()))
                    .contains("location disk: read-only");
            assertThat(report.nextAct()).contains("run retention again");
        });
        assertThat(bench.folder(old.id())).doesNotExist();
        assertThat(bench.told(RetentionReported.class).getLast().ok()).isTrue();
        assertThat(bench.told(BackupRecovered.class))
                .extracting(BackupRecovered::cause)
                .containsExactly("retention");
    }

    @Test
    void shouldLetManyGoInTurns() throws Exception {
        RetentionBench bench = new RetentionBench(disk);
        bench.policy("last: 1");
        for (int i = 0; i < 210; i++) {
            bench.completedAndGone("2026-03-01T%02d:%02d:00Z".formatted(i / 60, i % 60));
        }

        bench.workNow();

        assertThat(bench.left()).hasSize(209);
    }

    /// A damaged backup is no good one: the one before it is the newest proved then.
    @Test
    void shouldCountWhatWasFoundDamagedAsFailed() throws Exception {
        RetentionBench bench = new RetentionBench(disk);
        bench.policy("last: 1, failedDays: 0");
        Backup good = bench.completed("2026-03-30T02:00:00Z");
        Backup damaged = bench.completed("2026-03-31T02:00:00Z");
        bench.jdbi.useTransaction(tx -> bench.ledger.move(
                tx,
                bench.backups.find(tx, damaged.id()).orElseThrow(),
                new Signal.Lost(dev.slipway.backup.ledger.FailureReason.ARCHIVE_DAMAGED, "flipped")));
        bench.clock.advance(Duration.ofHours(1));

        bench.work();

        assertThat(bench.state(good)).isInstanceOf(BackupState.Completed.class);
        assertThat(bench.folder(damaged.id())).doesNotExist();
    }

    private static Event<ReleaseFinished> finished(RetentionBench bench, UUID release) {
        ReleaseRef ref = new ReleaseRef(
                release, "shop", "shop/production", 1, "normal", "abc", "abc", "pkg:generic/shop@abc", "sha256:0");
        ReleaseFinished data = new ReleaseFinished(
                new PipelineRun("shop", null, "success", null),
                new ReleaseFinished.Facts(
                        ref, "completed", "done", bench.clock.instant(), bench.clock.instant(), null, "abc"));
        return new Event<>(
                UUID.randomUUID(),
                "/slipway/deploy-service",
                release.toString(),
                bench.clock.instant(),
                UUID.randomUUID(),
                data);
    }
}
