package dev.slipway.backup.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.SourceDatabase;
import dev.slipway.backup.engine.ScratchName;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupRules;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.ledger.Signal;
import dev.slipway.backup.location.Draft;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.postgres.PostgresSession;
import dev.slipway.backup.postgres.ScratchDatabase;
import dev.slipway.backup.request.BackupBench;
import dev.slipway.events.BackupFailed;
import dev.slipway.events.BackupStarted;
import dev.slipway.events.BackupVerified;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What another worker finds and does after one was killed.
@Timeout(60)
class TakeoverTest {
    @TempDir
    Path disk;

    @Test
    void shouldTakeTheBackupAnewAndRemoveWhatWasLeft() throws Exception {
        BackupBench bench = bench();
        Backup backup = bench.begin(bench.queue(ProofKind.RESTORE));
        Path folder = bench.folder(backup);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("0-left.dump.part"), "half an archive");
        Files.writeString(folder.resolve("archive.dump.zst"), "an archive without a manifest");
        Files.createDirectories(bench.passwords);
        Files.writeString(bench.passwords.resolve("pgpass-" + backup.id() + "-1"), "secret");
        ScratchDatabase.create(bench.source.access(), backup.id(), bench.limits);
        try (PostgresSession left = PostgresSession.open(bench.source.access(), backup.id(), bench.limits)) {
            left.snapshot();

            bench.work();

            assertThat(bench.source.sessionsEnd(backup.id())).isTrue();
        }
        assertThat(bench.backup(backup.id()).state()).isInstanceOf(BackupState.Completed.class);
        assertThat(names(folder)).containsExactly("archive-2.dump.zst", "manifest.json", "roles-2.sql");
        assertThat(names(bench.passwords)).isEmpty();
        assertThat(bench.source.scratchDatabases()).doesNotContain(ScratchName.of(backup.id()));
        assertThat(bench.told(BackupVerified.class)).hasSize(1);
    }

    /// One that reads from no server: nothing else would end it.
    @Test
    void shouldEndTheProgramsThatALostWorkerLeftRunning() throws Exception {
        BackupBench bench = bench();
        Backup backup = bench.begin(bench.queue(ProofKind.READBACK));
        ProcessBuilder program = new ProcessBuilder("sleep", "300");
        program.environment().put("SLIPWAY_RUN", backup.id().toString());
        Process left = program.start();
        try {
            bench.work();

            assertThat(left.isAlive()).isFalse();
        } finally {
            left.destroyForcibly();
        }
        assertThat(bench.backup(backup.id()).state()).isInstanceOf(BackupState.Completed.class);
    }

    @Test
    void shouldAdoptAFinishedArchiveInsteadOfTakingItAgain() throws Exception {
        BackupBench bench = bench();
        Backup backup = bench.begin(bench.queue(ProofKind.READBACK));
        Archive stored = bench.capture(backup);
        FileTime written = Files.getLastModifiedTime(bench.archive(backup));
        bench.clock.advance(Duration.ofMinutes(1));

        bench.work();

        assertThat(bench.backup(backup.id()).state())
                .isInstanceOfSatisfying(
                        BackupState.Completed.class,
                        completed -> assertThat(completed.archive()).isEqualTo(stored));
        assertThat(Files.getLastModifiedTime(bench.archive(backup))).isEqualTo(written);
    }

    @Test
    void shouldProveAgainWhatWasStoredAndNotProved() throws Exception {
        BackupBench bench = bench();
        Backup begun = bench.begin(bench.queue(ProofKind.READBACK));
        Archive stored = bench.capture(begun);
        bench.jdbi.useTransaction(tx -> bench.ledger.move(tx, begun, new Signal.Stored(stored)));

        bench.work();

        assertThat(bench.backup(begun.id()).state())
                .isInstanceOfSatisfying(
                        BackupState.Completed.class,
                        completed -> assertThat(completed.archive()).isEqualTo(stored));
    }

    @Test
    void shouldFailWhenTheAdoptedArchiveLostItsLastBytes() throws Exception {
        BackupBench bench = bench();
        Backup begun = bench.begin(bench.queue(ProofKind.READBACK));
        bench.capture(begun);
        Path archive = bench.archive(begun);
        byte[] whole = Files.readAllBytes(archive);
        Files.write(archive, Arrays.copyOf(whole, whole.length - 10));

        bench.work();

        assertThat(bench.backup(begun.id()).state())
                .isInstanceOfSatisfying(
                        BackupState.Failed.class,
                        failed -> assertThat(failed.reason()).isEqualTo(FailureReason.ARCHIVE_DAMAGED));
        assertThat(names(archive.getParent()))
                .containsExactly("archive.dump.zst", "manifest.json", "roles.sql", "unproved.json");
    }

    @Test
    void shouldGiveUpAfterTheLastAttempt() {
        BackupBench bench = bench();
        Backup backup = bench.queue(ProofKind.READBACK);
        for (int kills = 0; kills < BackupRules.ATTEMPTS; kills++) {
            backup = bench.begin(backup);
        }

        bench.work();

        assertThat(bench.backup(backup.id()).state())
                .isInstanceOfSatisfying(
                        BackupState.Failed.class,
                        failed -> assertThat(failed.reason()).isEqualTo(FailureReason.INTERRUPTED));
        assertThat(bench.told(BackupFailed.class)).hasSize(1);
    }

    @Test
    void shouldLetOneDumpOfADatabaseRunAtATime() {
        BackupBench bench = bench();
        Backup running = bench.begin(bench.queue(ProofKind.READBACK));
        bench.holdCaptures();
        Backup waiting = bench.queue(ProofKind.READBACK);
        bench.work();
        BackupState meanwhile = bench.backup(waiting.id()).state();

        bench.releaseCaptures();
        bench.work();
        bench.clock.advance(Duration.ofSeconds(1));
        bench.work();

        assertThat(meanwhile).isInstanceOf(BackupState.Pending.class);
        assertThat(List.of(running, waiting))
                .allSatisfy(backup ->
                        assertThat(bench.backup(backup.id()).state()).isInstanceOf(BackupState.Completed.class));
        assertThat(bench.told(BackupStarted.class))
                .singleElement()
                .satisfies(started -> assertThat(started.backup()).isEqualTo(waiting.id()));
    }

    @Test
    void shouldLetAWorkerThatLostItsBackupNameNothingAndSayNothing() {
        AtomicReference<Runnable> meanwhile = new AtomicReference<>();
        BackupBench bench = new BackupBench(
                SourceDatabase.withOrders(20), disk, List.of(doingWhenItIsSafe(Shelf.disk(disk), meanwhile)));
        Backup backup = bench.queue(ProofKind.READBACK);
        meanwhile.set(() -> takeOver(bench, backup));

        bench.work();

        assertThat(meanwhile.get()).isNull();
        assertThat(bench.backup(backup.id()).state())
                .isInstanceOfSatisfying(
                        BackupState.Running.class,
                        others -> assertThat(others.attempt()).isEqualTo(2));
        assertThat(Shelf.everything(disk)).isEmpty();
        assertThat(bench.told(BackupVerified.class)).isEmpty();
        assertThat(bench.told(BackupFailed.class)).isEmpty();
    }

    /// As another replica does when the lease is over.
    private static void takeOver(BackupBench bench, Backup backup) {
        bench.jdbi.useHandle(handle -> handle.execute(
                "update work set owner = 'other', lease_until = ?",
                bench.clock.instant().plusSeconds(15)));
        bench.begin(bench.backup(backup.id()));
    }

    /// Does something once, when the location has every byte of the archive and before that has its name.
    private static Location doingWhenItIsSafe(Location good, AtomicReference<Runnable> what) {
        return proxy(
                Location.class,
                good,
                (method, result) -> method.equals("begin")
                        ? proxy(Draft.class, (Draft) result, (step, _) -> {
                            Runnable once = step.equals("finish") ? what.getAndSet(null) : null;
                            if (once != null) {
                                once.run();
                            }
                            return null;
                        })
                        : result);
    }

    private static <T> T proxy(Class<T> type, T good, BiFunction<String, Object, Object> after) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (_, method, args) -> {
            try {
                return after.apply(method.getName(), method.invoke(good, args));
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    @Test
    void shouldDropTheScratchDatabaseThatABackupNowOverLeft() throws Exception {
        BackupBench bench = bench();
        Backup over = bench.queue(ProofKind.READBACK);
        bench.work();
        UUID somebodyElses = UUID.randomUUID();
        ScratchDatabase.create(bench.source.access(), over.id(), bench.limits);
        try (ScratchDatabase _ = ScratchDatabase.create(bench.source.access(), somebodyElses, bench.limits)) {
            bench.queue(ProofKind.RESTORE);

            bench.work();

            assertThat(bench.source.scratchDatabases()).containsExactly(ScratchName.of(somebodyElses));
        }
    }

    private BackupBench bench() {
        return new BackupBench(SourceDatabase.withOrders(20), disk);
    }

    private static List<String> names(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
