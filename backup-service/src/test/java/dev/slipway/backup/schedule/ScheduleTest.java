package dev.slipway.backup.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.schedule.Schedule.Origin;
import dev.slipway.backup.schedule.Schedule.Outcome;
import dev.slipway.backup.schedule.Schedule.Run;
import dev.slipway.eventing.WorkResult;
import dev.slipway.eventing.WorkRunner;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ScheduleTest {
    private static final String NIGHTLY = "name: nightly, at: '02:00', zone: America/Los_Angeles";

    private final ScheduleBench bench = new ScheduleBench();

    @Test
    void shouldTakeABackupWhenItsTimeHasCome() {
        bench.at("2026-03-01T10:00:00Z").manifest(NIGHTLY + ", proof: readback");
        bench.work();
        int before = bench.backups().size();

        bench.at("2026-03-02T10:00:01Z").work();

        assertThat(before).isZero();
        assertThat(bench.backups()).singleElement().satisfies(backup -> {
            assertThat(backup.origin().by()).isEqualTo("schedule nightly");
            assertThat(backup.proof()).isEqualTo(ProofKind.READBACK);
            assertThat(bench.runs("nightly"))
                    .singleElement()
                    .satisfies(run -> assertThat(run.subject()).isEqualTo(backup.id()))
                    .satisfies(run -> assertThat(run.outcome()).isEqualTo(Outcome.STARTED));
        });
        assertThat(bench.schedule("nightly").next().at()).isEqualTo("2026-03-03T10:00:00Z");
    }

    @Test
    void shouldDrillTheNewestProvedBackupWhenItsTimeHasCome() {
        bench.at("2026-03-01T10:00:00Z").manifest("name: weekly, task: drill, at: '02:00', zone: UTC");
        bench.completed("2026-02-27T10:00:00Z", ProofKind.RESTORE);
        Backup newest = bench.completed("2026-02-28T10:00:00Z", ProofKind.READBACK);
        bench.work();

        bench.at("2026-03-02T02:00:01Z").work();

        assertThat(bench.backups()).as("none is taken").hasSize(2);
        assertThat(bench.drilled()).containsExactly(newest.id());
        assertThat(bench.runs("weekly"))
                .singleElement()
                .satisfies(run -> assertThat(run.outcome()).isEqualTo(Outcome.STARTED));
    }

    @Test
    void shouldSayThatThereIsNothingToDrill() {
        bench.at("2026-03-01T10:00:00Z").manifest("name: weekly, task: drill, at: '02:00', zone: UTC");
        bench.work();

        bench.at("2026-03-02T02:00:01Z").work();

        assertThat(bench.drilled()).isEmpty();
        assertThat(bench.runs("weekly")).singleElement().satisfies(run -> {
            assertThat(run.outcome()).isEqualTo(Outcome.MISSED);
            assertThat(run.note()).contains("no proved backup");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-10-30", "2027-03-12"})
    void shouldRunEveryNightWhateverTheClocksDo(String firstNight) {
        LocalDate first = LocalDate.parse(firstNight);
        bench.at(first + "T08:00:00Z").manifest(NIGHTLY);

        bench.workUntil(first.plusDays(4) + "T20:00:00Z", Duration.ofMinutes(30));

        assertThat(bench.localTimes("nightly"))
                .containsExactlyElementsOf(first.datesUntil(first.plusDays(5))
                        .map(day -> day.atTime(2, 0))
                        .toList());
    }

    @Test
    void shouldFireOnceHoweverManyReplicasAreThere() throws Exception {
        bench.manifest("name: often, cron: '*/5 * * * *', zone: UTC");
        List<WorkRunner> replicas = List.of(bench.runner("a"), bench.runner("b"), bench.runner("c"));
        CyclicBarrier together = new CyclicBarrier(replicas.size());
        try (ExecutorService threads = Executors.newFixedThreadPool(replicas.size())) {
            for (int turn = 0; turn < 20; turn++) {
                bench.dropBackups();
                bench.clock.advance(Duration.ofMinutes(5));
                List<Future<?>> working = new ArrayList<>();
                for (WorkRunner replica : replicas) {
                    Callable<Object> work = () -> {
                        together.await();
                        return replica.runDue();
                    };
                    working.add(threads.submit(work));
                }
                for (Future<?> one : working) {
                    one.get();
                }
            }
        }

        assertThat(bench.backups()).hasSize(20);
        assertThat(bench.localTimes("often")).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void shouldCatchUpOnceWhatWasMissedWhileAway() {
        bench.at("2026-03-01T10:00:00Z").manifest("name: hourly, cron: '0 * * * *', zone: UTC");

        bench.at("2026-03-01T17:40:00Z").work();

        assertThat(bench.backups()).hasSize(1);
        assertThat(bench.runs("hourly")).singleElement().satisfies(run -> {
            assertThat(run.outcome()).isEqualTo(Outcome.CAUGHT_UP);
            assertThat(run.due().local()).isEqualTo("2026-03-01T17:00");
            assertThat(run.note()).isEqualTo("once for all since 2026-03-01T11:00");
        });
        assertThat(bench.schedule("hourly").next().at()).isEqualTo("2026-03-01T18:00:00Z");
    }

    @Test
    void shouldMissWhatIsLaterThanItsGrace() {
        bench.at("2026-03-01T10:00:00Z").manifest(NIGHTLY + ", grace: PT3H");

        bench.at("2026-03-02T13:00:01Z").work();

        assertThat(bench.backups()).isEmpty();
        assertThat(bench.runs("nightly")).extracting(Run::outcome).containsExactly(Outcome.MISSED);
        assertThat(bench.schedule("nightly").next().at()).isEqualTo("2026-03-03T10:00:00Z");
    }

    @Test
    void shouldCatchUpAtTheVeryEndOfItsGrace() {
        bench.at("2026-03-01T10:00:00Z").manifest(NIGHTLY + ", grace: PT3H");

        bench.at("2026-03-02T13:00:00Z").work();

        assertThat(bench.runs("nightly")).extracting(Run::outcome).containsExactly(Outcome.CAUGHT_UP);
    }

    @Test
    void shouldNotRunATimeTwiceWhenTheClockIsSetBack() {
        bench.at("2026-03-01T10:00:00Z").manifest(NIGHTLY);
        bench.at("2026-03-02T10:00:00Z").work();
        bench.at("2026-03-02T07:00:00Z").work();
        bench.jdbi.useTransaction(bench.keep::putRight);

        bench.workUntil("2026-03-03T10:00:00Z", Duration.ofMinutes(15));

        assertThat(bench.localTimes("nightly"))
                .containsExactly(LocalDateTime.parse("2026-03-02T02:00"), LocalDateTime.parse("2026-03-03T02:00"));
    }

    @Test
    void shouldNotRunATimeTwiceThatAChangeMakesDueAgainAfterTheClockWasSetBack() {
        bench.at("2026-03-01T10:00:00Z").manifest(NIGHTLY);
        bench.at("2026-03-02T10:00:00Z").work();
        bench.dropBackups();
        bench.at("2026-03-02T07:00:00Z").manifest(NIGHTLY + ", grace: PT3H");

        bench.at("2026-03-02T10:00:00Z").work();

        assertThat(bench.backups()).hasSize(1);
        assertThat(bench.schedule("nightly").next().at()).isEqualTo("2026-03-03T10:00:00Z");
    }

    @Test
    void shouldNotCatchUpAfterAPauseWhatPassedWhileItWasPausedAndTheServiceWasAway() {
        bench.at("2026-03-01T10:00:00Z").manifest(NIGHTLY);
        bench.pause("nightly", "moving house");

        bench.at("2026-03-02T11:00:00Z").resume("nightly");
        bench.work();

        assertThat(bench.backups()).isEmpty();
        assertThat(bench.schedule("nightly").next().at()).isEqualTo("2026-03-03T10:00:00Z");
    }

    @Test
    void shouldNotRunByAPlanThatWasChangedWhileItWasTakenUp() {
        bench.at("2026-03-01T10:00:00Z").manifest(NIGHTLY);
        WorkResult taken = bench.at("2026-03-02T10:00:00Z").take("nightly");
        bench.manifest("name: nightly, at: '12:00', zone: UTC");

        bench.jdbi.useTransaction(tx -> taken.effect().accept(tx));

        assertThat(bench.backups()).isEmpty();
        assertThat(bench.schedule("nightly").next().at()).isEqualTo("2026-03-02T12:00:00Z");
    }

    @Test
    void shouldGoOnWhenAClockThatRanAYearAheadIsSetRight() {
        bench.at("2026-03-01T10:00:00Z").manifest(NIGHTLY);
        bench.at("2027-03-01T10:00:00Z").work();
        bench.dropBackups();
        bench.at("2026-03-01T12:00:00Z");

        int wrong = bench.jdbi.inTransaction(bench.keep::putRight);
        bench.at("2026-03-02T10:00:00Z").work();
        int left = bench.jdbi.inTransaction(bench.keep::putRight);

        assertThat(wrong).isEqualTo(1);
        assertThat(left).isZero();
        assertThat(bench.localTimes("nightly"))
                .containsExactly(LocalDateTime.parse("2026-03-02T02:00"), LocalDateTime.parse("2027-03-01T02:00"));
        assertThat(bench.schedule("nightly").next().at()).isEqualTo("2026-03-03T10:00:00Z");
    }

    @Test
    void shouldStartNothingWhilePausedNorAfterwardsForIt() {
        bench.at("2026-03-01T10:00:00Z").manifest(NIGHTLY);
        bench.pause("nightly", "moving house");
        bench.at("2026-03-02T10:00:30Z").work();
        Schedule paused = bench.schedule("nightly");

        bench.resume("nightly");
        bench.work();

        assertThat(paused.next().at()).isEqualTo("2026-03-03T10:00:00Z");
        assertThat(bench.backups()).isEmpty();
        assertThat(bench.runs("nightly")).singleElement().satisfies(run -> {
            assertThat(run.outcome()).isEqualTo(Outcome.PAUSED);
            assertThat(run.note()).isEqualTo("moving house");
        });
        assertThat(bench.schedule("nightly").pause()).isNull();
        assertThat(bench.schedule("nightly").next().at()).isEqualTo("2026-03-03T10:00:00Z");
    }

    @Test
    void shouldMakeChangeAndRemoveWhatTheManifestSays() {
        bench.manifest(NIGHTLY, "name: noon, at: '12:00', days: [monday], zone: UTC");
        Schedule nightly = bench.schedule("nightly");

        bench.manifest(NIGHTLY + ", grace: PT1H", "name: evening, at: '18:00', zone: UTC");

        assertThat(bench.all()).extracting(it -> it.plan().name()).containsExactly("evening", "nightly");
        assertThat(bench.schedule("nightly").id()).isEqualTo(nightly.id());
        assertThat(bench.schedule("nightly").plan().grace()).isEqualTo(Duration.ofHours(1));
        assertThat(workRows()).isEqualTo(2);
    }

    @Test
    void shouldLeaveAScheduleAloneThatTheManifestSaysAgain() {
        bench.at("2026-03-01T10:00:00Z").manifest(NIGHTLY);
        bench.pause("nightly", "moving house");
        Schedule before = bench.schedule("nightly");

        bench.at("2026-03-01T11:00:00Z").manifest(NIGHTLY, "name: noon, at: '12:00', zone: UTC");

        assertThat(bench.schedule("nightly")).isEqualTo(before);
    }

    @Test
    void shouldKeepWhatSomebodyMadeUnlessTheManifestTakesItsName() {
        bench.manifest();
        bench.add(plan("mine", "03:00"));
        bench.add(plan("nightly", "04:00"));

        bench.manifest(NIGHTLY);

        assertThat(bench.schedule("mine").origin()).isEqualTo(Origin.REST);
        assertThat(bench.schedule("nightly").origin()).isEqualTo(Origin.MANIFEST);
        assertThat(bench.schedule("nightly").plan().timetable().zone()).isEqualTo(ZoneId.of("America/Los_Angeles"));
    }

    @Test
    void shouldRemoveTheSchedulesOfADatabaseThatIsGone() {
        bench.manifest(NIGHTLY);
        bench.add(plan("mine", "03:00"));

        bench.put("application: shop\n");

        assertThat(bench.all()).isEmpty();
        assertThat(workRows()).isZero();
    }

    @Test
    void shouldRunByTheNewTimeWhenChangedWhileItWasTaken() {
        bench.at("2026-03-01T10:00:00Z").manifest(NIGHTLY);
        bench.at("2026-03-01T11:00:00Z").manifest("name: nightly, at: '11:30', zone: UTC");

        bench.at("2026-03-01T11:30:00Z").work();
        bench.at("2026-03-02T10:00:00Z").work();

        assertThat(bench.localTimes("nightly")).containsExactly(LocalDateTime.parse("2026-03-01T11:30"));
    }

    /// The times in the database are somebody's wall clock: this machine's zone has no say.
    @Test
    void shouldKeepLocalTimesThatThisMachinesZoneSkips() {
        TimeZone machine = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("America/Los_Angeles"));
        try {
            bench.at("2027-03-13T20:00:00Z").manifest(NIGHTLY);
            LocalDateTime next = bench.schedule("nightly").next().local();
            bench.at("2027-03-14T10:00:00Z").work();

            assertThat(next).isEqualTo("2027-03-14T02:00");
            assertThat(bench.localTimes("nightly")).containsExactly(LocalDateTime.parse("2027-03-14T02:00"));
        } finally {
            TimeZone.setDefault(machine);
        }
    }

    @Test
    void shouldAlwaysKnowItsNextTime() {
        bench.manifest("name: leap, cron: '0 0 29 2 *', zone: Pacific/Apia");

        assertThat(bench.schedule("leap").next().local()).isEqualTo("2028-02-29T00:00");
    }

    private int workRows() {
        return bench.jdbi.withHandle(handle -> handle.createQuery("select count(*) from work where kind = 'schedule'")
                .mapTo(Integer.class)
                .one());
    }

    private static Plan plan(String name, String at) {
        return new Plan(
                name,
                Task.BACKUP,
                new Timetable(Rhythm.daily(Rhythm.time(at), List.of()), ZoneId.of("UTC")),
                Plan.USUAL_GRACE,
                ProofKind.READBACK);
    }
}
