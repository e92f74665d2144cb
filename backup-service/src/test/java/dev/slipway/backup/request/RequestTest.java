package dev.slipway.backup.request;

import static dev.slipway.backup.request.BackupBench.CHAIN;
import static dev.slipway.backup.request.BackupBench.RELEASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.SourceDatabase;
import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.ServerKind;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.ledger.Signal;
import dev.slipway.backup.location.DiskLocation;
import dev.slipway.backup.location.Location;
import dev.slipway.backup.location.LocationFault;
import dev.slipway.backup.retention.Hold;
import dev.slipway.backup.retention.Keeps;
import dev.slipway.events.BackupFailed;
import dev.slipway.events.BackupStarted;
import dev.slipway.events.BackupVerified;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RequestTest {
    @TempDir
    Path folder;

    private BackupBench bench(int orders) {
        return new BackupBench(SourceDatabase.withOrders(orders), folder);
    }

    @Test
    void shouldAnswerWithANewProvedBackup() {
        BackupBench bench = bench(40);

        UUID request = bench.request(bench.ask().proof("restore"));

        Backup backup = bench.all().getFirst();
        assertThat(bench.told(BackupStarted.class))
                .containsExactly(new BackupStarted(backup.id(), request, RELEASE, "shop", "orders"));
        assertThat(bench.told(BackupVerified.class)).singleElement().satisfies(verified -> {
            assertThat(verified.backup()).isEqualTo(backup.id());
            assertThat(verified.requestId()).isEqualTo(request);
            assertThat(verified.release()).isEqualTo(RELEASE);
            assertThat(verified.rows()).isEqualTo(42);
            assertThat(verified.snapshotAt()).isEqualTo("2026-03-01T10:00:00Z");
            assertThat(verified.locations()).containsExactly("disk");
            assertThat(verified.proofs()).extracting(BackupVerified.Proof::kind).containsExactly("readback", "restore");
        });
        assertThat(bench.told()).allSatisfy(told -> {
            assertThat(told.key()).isEqualTo(RELEASE.toString());
            assertThat(told.subject()).isEqualTo(backup.id().toString());
            assertThat(told.chainId()).isEqualTo(CHAIN);
        });
    }

    @Test
    void shouldAnswerWithTheBackupThatIsThereAndFits() {
        BackupBench bench = bench(5);
        bench.request(bench.ask());
        bench.clock.advance(Duration.ofMinutes(119));

        UUID later = bench.request(bench.ask());

        assertThat(bench.all()).hasSize(1);
        assertThat(bench.told(BackupVerified.class).getLast().requestId()).isEqualTo(later);
        assertThat(bench.told(BackupVerified.class).getLast().backup())
                .isEqualTo(bench.all().getFirst().id());
    }

    @Test
    void shouldHoldTheBackupForTheReleaseThatReliesOnIt() {
        BackupBench bench = bench(5);

        bench.request(bench.ask());
        bench.request(bench.ask());

        UUID backup = bench.all().getFirst().id();
        List<Hold> holds = bench.jdbi.withHandle(handle -> new Keeps().holds(handle, backup, bench.clock.instant()));
        assertThat(holds)
                .singleElement()
                .satisfies(hold -> assertThat(hold.release()).isEqualTo(RELEASE))
                .satisfies(hold -> assertThat(hold.until()).isNull());
    }

    @Test
    void shouldNotAnswerWithABackupThatWasLetGo() {
        BackupBench bench = bench(5);
        bench.request(bench.ask());
        Backup first = bench.all().getFirst();
        bench.jdbi.useTransaction(tx -> bench.ledger.move(tx, first, new Signal.Outlived("no rule keeps it")));

        bench.request(bench.ask());

        assertThat(bench.all()).hasSize(2);
        assertThat(bench.told(BackupVerified.class).getLast().backup()).isNotEqualTo(first.id());
    }

    @Test
    void shouldNotAcceptAStaleBackup() {
        BackupBench bench = bench(5);
        bench.request(bench.ask());
        bench.clock.advance(Duration.ofMinutes(121));

        UUID later = bench.request(bench.ask());

        assertThat(bench.all()).hasSize(2);
        assertThat(bench.told(BackupVerified.class).getLast().requestId()).isEqualTo(later);
        assertThat(bench.told(BackupVerified.class).getLast().snapshotAt()).isEqualTo("2026-03-01T12:01:00Z");
    }

    @Test
    void shouldNotAcceptABackupFromBeforeTheMoment() {
        BackupBench bench = bench(5);
        bench.request(bench.ask());
        bench.clock.advance(Duration.ofSeconds(10));

        bench.request(bench.ask().notBefore(bench.clock.instant()));

        assertThat(bench.all()).hasSize(2);
        assertThat(bench.told(BackupVerified.class).getLast().snapshotAt()).isEqualTo("2026-03-01T10:00:10Z");
    }

    @Test
    void shouldWaitUntilTheMomentWhenTheAskersClockIsAhead() {
        BackupBench bench = bench(5);
        bench.request(bench.ask().notBefore(bench.clock.instant().plusSeconds(2)));
        int before = bench.told(BackupVerified.class).size();

        bench.clock.advance(Duration.ofSeconds(2));
        bench.work();

        assertThat(before).isZero();
        assertThat(bench.told(BackupVerified.class))
                .singleElement()
                .satisfies(verified -> assertThat(verified.snapshotAt()).isEqualTo("2026-03-01T10:00:02Z"));
    }

    @Test
    void shouldNotAcceptAWeakerProof() {
        BackupBench bench = bench(5);
        bench.request(bench.ask().proof("readback"));
        bench.clock.advance(Duration.ofSeconds(1));

        bench.request(bench.ask().proof("restore"));
        bench.request(bench.ask().proof("readback"));

        assertThat(bench.all()).hasSize(2);
        assertThat(bench.told(BackupVerified.class))
                .extracting(v -> v.proofs().size())
                .containsExactly(1, 2, 2);
    }

    @Test
    void shouldNotRelyOnABackupThatWasDamagedMeanwhile() throws Exception {
        BackupBench bench = bench(5);
        bench.request(bench.ask());
        Backup first = bench.all().getFirst();
        Path archive = bench.archive(first);
        byte[] bytes = Files.readAllBytes(archive);
        bytes[bytes.length - 100] ^= 1;
        Files.write(archive, bytes);

        UUID later = bench.request(bench.ask());

        assertThat(bench.all()).hasSize(2);
        assertThat(bench.told(BackupVerified.class).getLast().requestId()).isEqualTo(later);
        assertThat(bench.told(BackupVerified.class).getLast().backup()).isNotEqualTo(first.id());
        assertThat(bench.told(BackupFailed.class)).singleElement().satisfies(failed -> {
            assertThat(failed.backup()).isEqualTo(first.id());
            assertThat(failed.requestId()).isNull();
            assertThat(failed.reason()).isEqualTo("archive-damaged");
        });
    }

    @Test
    void shouldNotCountACopyThatWasDamagedMeanwhile() throws Exception {
        BackupBench bench = new BackupBench(
                SourceDatabase.withOrders(5),
                folder,
                List.of(Shelf.disk(folder), new DiskLocation("second", folder.resolve(".second"))));
        bench.request(bench.ask().locations(2));
        Backup first = bench.all().getFirst();
        Files.write(bench.archive(first), new byte[] {1});

        bench.request(bench.ask());
        int oneIsEnough = bench.all().size();
        bench.request(bench.ask().locations(2));

        assertThat(oneIsEnough).isEqualTo(1);
        assertThat(bench.all()).hasSize(2);
        assertThat(bench.backup(first.id()).state()).isInstanceOf(BackupState.Completed.class);
        assertThat(bench.told(BackupVerified.class).getLast().backup()).isNotEqualTo(first.id());
    }

    @Test
    void shouldNotCondemnABackupBecauseItsLocationDoesNotAnswer() {
        AtomicBoolean away = new AtomicBoolean();
        BackupBench bench = new BackupBench(
                SourceDatabase.withOrders(5), folder, List.of(notOpeningWhile(away, Shelf.disk(folder))));
        bench.request(bench.ask());
        Backup first = bench.all().getFirst();
        away.set(true);

        bench.request(bench.ask());

        assertThat(bench.backup(first.id()).state()).isInstanceOf(BackupState.Completed.class);
        assertThat(bench.all()).hasSize(2);
    }

    private static Location notOpeningWhile(AtomicBoolean away, Location good) {
        return (Location) Proxy.newProxyInstance(
                Location.class.getClassLoader(), new Class<?>[] {Location.class}, (_, method, args) -> {
                    if (away.get() && method.getName().equals("open")) {
                        throw new LocationFault(LocationFault.Reason.UNREACHABLE, "location disk: away", null);
                    }
                    try {
                        return method.invoke(good, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void shouldAnswerARequestOnceHoweverOftenItComes() {
        BackupBench bench = bench(5);
        Ask ask = bench.ask();
        bench.arrive(ask);
        bench.arrive(ask);
        bench.work();

        bench.request(ask);
        bench.clock.advance(Duration.ofHours(3));
        bench.request(ask);

        assertThat(bench.told(BackupVerified.class)).hasSize(1);
        assertThat(bench.told(BackupFailed.class)).isEmpty();
        assertThat(bench.all()).hasSize(1);
    }

    @Test
    void shouldKeepTheFirstOfTwoAnswersThatMeet() {
        BackupBench bench = bench(5);
        UUID id = bench.arrive(bench.ask());
        BackupRequest request = bench.jdbi
                .withHandle(handle -> bench.requests.waiting(handle, id))
                .orElseThrow();

        bench.jdbi.useTransaction(
                tx -> bench.answers.failed(tx, request, null, FailureReason.DEADLINE_PASSED, "too late"));
        bench.jdbi.useTransaction(
                tx -> bench.answers.failed(tx, request, null, FailureReason.DUMP_FAILED, "after all"));

        assertThat(bench.told(BackupFailed.class))
                .extracting(BackupFailed::reason)
                .containsExactly("deadline-passed");
    }

    @Test
    void shouldLetRequestsShareOneCapture() {
        BackupBench bench = bench(5);
        UUID weaker = bench.arrive(bench.ask().proof("readback"));
        UUID stronger = bench.arrive(bench.ask().proof("restore"));

        bench.work();

        assertThat(bench.all()).hasSize(1);
        assertThat(bench.told(BackupVerified.class))
                .extracting(BackupVerified::requestId)
                .containsExactlyInAnyOrder(weaker, stronger);
    }

    @Test
    void shouldJoinARunningBackupOnlyWhenItsSnapshotWillFit() {
        BackupBench bench = bench(5);
        Backup running = bench.begin(bench.queue(ProofKind.READBACK));
        bench.holdCaptures();
        bench.clock.advance(Duration.ofSeconds(5));

        UUID joins = bench.request(bench.ask());
        UUID cannot = bench.request(bench.ask().notBefore(bench.clock.instant()));
        bench.releaseCaptures();
        bench.work();
        bench.clock.advance(Duration.ofSeconds(1));
        bench.work();

        assertThat(bench.all()).hasSize(2);
        assertThat(bench.told(BackupVerified.class))
                .filteredOn(verified -> verified.backup().equals(running.id()))
                .extracting(BackupVerified::requestId)
                .containsExactly(joins);
        assertThat(bench.told(BackupVerified.class))
                .filteredOn(verified -> !verified.backup().equals(running.id()))
                .extracting(BackupVerified::requestId)
                .containsExactly(cannot);
    }

    @Test
    void shouldSayThatTheManifestHasNoSuchDatabase() {
        BackupBench bench = bench(5);

        UUID request = bench.request(bench.ask().of("ledger"));

        assertThat(bench.told()).singleElement().satisfies(told -> {
            assertThat(told.subject()).isEqualTo(request.toString());
            assertThat(told.data())
                    .isEqualTo(new BackupFailed(
                            null,
                            request,
                            RELEASE,
                            "shop",
                            "ledger",
                            null,
                            "unknown-database",
                            "the manifest has no database 'ledger'",
                            "name the database in the manifest, or ask for one that is there"));
        });
    }

    @Test
    void shouldSayWhatItCannotDo() {
        BackupBench bench = bench(5);

        bench.request(bench.ask().locations(2));
        bench.request(bench.ask().proof("hope"));

        assertThat(bench.told(BackupFailed.class))
                .extracting(BackupFailed::reason, BackupFailed::message)
                .containsExactly(
                        tuple("unsupported-request", "2 locations are asked for, 'orders' has 1"),
                        tuple("unsupported-request", "there is no proof 'hope'"));
    }

    @Test
    void shouldWaitForTheReleasesManifest() {
        BackupBench bench = bench(5);
        Ask ask = bench.ask();
        String known = bench.putManifest("the next version");
        UUID early = bench.request(ask.by("sha256:not-here-yet"));
        int before = bench.told().size();

        UUID request = bench.request(bench.ask().by(known));
        bench.clock.advance(Duration.ofMinutes(1));
        bench.work();

        assertThat(before).isZero();
        assertThat(bench.told(BackupVerified.class))
                .extracting(BackupVerified::requestId)
                .containsExactly(request);
        assertThat(bench.told(BackupFailed.class))
                .extracting(BackupFailed::requestId, BackupFailed::reason)
                .containsExactly(tuple(early, "unknown-manifest"));
    }

    @Test
    void shouldAnswerAtTheDeadlineAndTellOfTheBackupLater() {
        BackupBench bench = bench(5);
        Backup running = bench.begin(bench.queue(ProofKind.READBACK));
        bench.holdCaptures();
        UUID request = bench.request(bench.ask());

        bench.clock.advance(Duration.ofMinutes(1));
        bench.work();
        bench.releaseCaptures();
        bench.work();

        assertThat(bench.told(BackupFailed.class))
                .singleElement()
                .satisfies(failed -> assertThat(failed.reason()).isEqualTo("deadline-passed"))
                .satisfies(failed -> assertThat(failed.requestId()).isEqualTo(request));
        assertThat(bench.told(BackupVerified.class))
                .singleElement()
                .satisfies(verified -> assertThat(verified.backup()).isEqualTo(running.id()))
                .satisfies(verified -> assertThat(verified.requestId()).isNull());
    }

    @Test
    void shouldRefuseWhatCameAfterItsDeadline() {
        BackupBench bench = bench(5);

        bench.request(bench.ask().patience(Duration.ofSeconds(-1)));

        assertThat(bench.told(BackupFailed.class))
                .extracting(BackupFailed::reason)
                .containsExactly("deadline-passed");
        assertThat(bench.all()).isEmpty();
    }

    @Test
    void shouldFailWithTheReasonAndWithoutTheSecret() {
        SourceDatabase source = SourceDatabase.withOrders(5);
        Access right = source.access();
        Access wrong =
                new Access(ServerKind.POSTGRESQL, right.host(), right.port(), right.database(), "keeper", "hunter2");
        BackupBench bench = new BackupBench(source, wrong, folder);

        UUID request = bench.request(bench.ask());

        assertThat(bench.told(BackupFailed.class)).singleElement().satisfies(failed -> {
            assertThat(failed.requestId()).isEqualTo(request);
            assertThat(failed.reason()).isEqualTo("access-denied");
            assertThat(failed.message()).contains("keeper");
        });
        assertThat(bench.all().getFirst().state()).isInstanceOf(BackupState.Failed.class);
        assertThat(bench.meters
                        .get("slipway.backups")
                        .tag("reason", "access-denied")
                        .timer()
                        .count())
                .isOne();
        assertThat(bench.everythingStored()).contains("access-denied").doesNotContain("hunter2");
    }

    @Test
    void shouldNotTakeABackupOfAnotherDatabaseForThisOne() {
        BackupBench bench = bench(5);
        bench.request(bench.ask());
        SourceDatabase moved = SourceDatabase.withOrders(7);
        String manifest = bench.putManifestFor(moved);

        bench.request(bench.ask().by(manifest));

        assertThat(bench.told(BackupVerified.class))
                .extracting(BackupVerified::rows)
                .containsExactly(7L, 9L);
    }
}
