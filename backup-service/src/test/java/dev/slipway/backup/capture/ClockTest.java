package dev.slipway.backup.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.SourceDatabase;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState.Completed;
import dev.slipway.backup.ledger.BackupState.Pending;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.request.BackupBench;
import dev.slipway.events.BackupStarted;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clocks that jump, and people who ask at once.
@Timeout(60)
class ClockTest {
    private static final Duration YEAR = Duration.ofDays(365);

    @TempDir
    Path folder;

    private BackupBench bench;

    @ParameterizedTest
    @ValueSource(strings = {"-PT8760H", "-PT1H", "PT8760H"})
    void shouldTakeABackupAlthoughTheClockJumpsInTheMiddle(String jump) {
        bench = new BackupBench(SourceDatabase.withOrders(20), folder, List.of(turningTheClock(Duration.parse(jump))));
        Instant before = bench.clock.instant();
        Backup backup = bench.queue(ProofKind.RESTORE);

        bench.work();

        assertThat(bench.backup(backup.id()).state()).isInstanceOfSatisfying(Completed.class, completed -> {
            assertThat(completed.archive().snapshotAt()).isIn(before, before.plus(Duration.parse(jump)));
            assertThat(completed.proofs())
                    .hasSize(2)
                    .allSatisfy(proof -> assertThat(proof.took()).isGreaterThanOrEqualTo(Duration.ZERO));
        });
    }

    @Test
    void shouldNotWaitForATimeThatAClockRunningAheadMeant() {
        bench = new BackupBench(SourceDatabase.withOrders(20), folder);
        bench.clock.advance(YEAR);
        Backup running = bench.begin(bench.queue(ProofKind.READBACK));
        bench.jdbi.useHandle(handle -> handle.execute(
                "update work set owner = 'killed', lease_until = ?",
                bench.clock.instant().plusSeconds(15)));
        bench.clock.advance(YEAR.negated());
        Backup waiting = bench.queue(ProofKind.READBACK);
        bench.work();
        var meanwhile = bench.backup(waiting.id()).state();

        bench.jdbi.useTransaction(bench.ledger::putRight);
        bench.work();
        bench.clock.advance(Duration.ofSeconds(1));
        bench.work();

        assertThat(meanwhile).isInstanceOf(Pending.class);
        assertThat(List.of(running, waiting))
                .allSatisfy(
                        backup -> assertThat(bench.backup(backup.id()).state()).isInstanceOf(Completed.class));
    }

    @Test
    void shouldLeaveAClaimAloneThatIsAlive() {
        bench = new BackupBench(SourceDatabase.withOrders(1), folder);
        bench.queue(ProofKind.READBACK);
        Instant until = bench.clock.instant().plusSeconds(15);
        bench.jdbi.useHandle(handle -> handle.execute("update work set owner = 'alive', lease_until = ?", until));

        bench.jdbi.useTransaction(bench.ledger::putRight);

        Instant after = bench.jdbi.withHandle(handle -> handle.createQuery("select lease_until from work")
                .mapTo(Instant.class)
                .one());
        assertThat(after).isEqualTo(until);
    }

    @Test
    void shouldTakeOneDumpHoweverManyAskAtOnce() throws Exception {
        bench = new BackupBench(SourceDatabase.withOrders(20), folder);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<UUID> ask = () -> bench.queue(ProofKind.READBACK).id();
            var asked = threads.invokeAll(java.util.Collections.nCopies(16, ask));
            List<Callable<Void>> replicas = java.util.Collections.nCopies(4, () -> {
                bench.work();
                return null;
            });
            threads.invokeAll(replicas);

            UUID one = asked.getFirst().get();
            for (var answer : asked) {
                assertThat(answer.get()).isEqualTo(one);
            }
            assertThat(bench.told(BackupStarted.class))
                    .singleElement()
                    .satisfies(started -> assertThat(started.backup()).isEqualTo(one));
            assertThat(bench.backup(one).state()).isInstanceOf(Completed.class);
        }
    }

    /// Turns the clock when the dump begins to be stored.
    private Location turningTheClock(Duration jump) {
        Location disk = Shelf.disk(folder.resolve("disk"));
        return (Location) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Location.class}, (_, method, args) -> {
                    if (method.getName().equals("begin")) {
                        bench.clock.advance(jump);
                    }
                    try {
                        return method.invoke(disk, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
