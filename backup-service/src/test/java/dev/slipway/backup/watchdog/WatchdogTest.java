package dev.slipway.backup.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.ledger.ProofKind;
import dev.slipway.backup.schedule.ScheduleBench;
import dev.slipway.events.BackupMissed;
import dev.slipway.events.BackupOverdue;
import dev.slipway.events.BackupRecovered;
import dev.slipway.events.EventData;
import dev.slipway.events.ScheduleInactive;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatchdogTest {
    private static final String NIGHTLY = "name: nightly, at: '02:00', zone: UTC";

    private final ScheduleBench bench = new ScheduleBench();

    @Test
    void shouldTellThatThereHasNeverBeenABackup() {
        bench.at("2026-03-01T10:00:00Z").manifest();
        lookAt("2026-03-01T10:00:00Z");
        lookAt("2026-03-02T12:00:00Z");
        int before = bench.told().size();

        lookAt("2026-03-02T12:00:01Z");

        assertThat(before).isZero();
        assertThat(about("orders", BackupOverdue.class)).singleElement().satisfies(overdue -> {
            assertThat(overdue.environment()).isEqualTo("shop/production");
            assertThat(overdue.newest()).isNull();
            assertThat(overdue.reason())
                    .isEqualTo("there is no backup proved by readback, 26 h 1 s after the database came into the"
                            + " manifest; allowed: 26 h");
            assertThat(overdue.nextAct()).contains("POST /api/v1/applications/shop/databases/orders/backups");
        });
    }

    @Test
    void shouldTellOnceThatTheNewestBackupIsTooOldAndOnceThatAllIsWell() {
        bench.at("2026-03-01T10:00:00Z").manifest();
        Backup newest = bench.completed("2026-03-01T02:00:00Z", ProofKind.READBACK);
        lookAt("2026-03-02T04:00:00Z");
        int before = about("orders", BackupOverdue.class).size();

        lookAt("2026-03-02T04:00:01Z");
        lookAt("2026-03-02T04:05:00Z");
        bench.completed("2026-03-02T04:06:00Z", ProofKind.READBACK);
        lookAt("2026-03-02T04:07:00Z");
        lookAt("2026-03-02T04:08:00Z");

        assertThat(before).isZero();
        assertThat(about("orders", BackupOverdue.class))
                .singleElement()
                .satisfies(overdue -> assertThat(overdue.newest()).isEqualTo(newest.id()))
                .satisfies(overdue -> assertThat(overdue.newestAt()).isEqualTo("2026-03-01T02:00:00Z"));
        assertThat(about("orders", BackupRecovered.class))
                .containsExactly(new BackupRecovered(
                        "shop",
                        "orders",
                        "shop/production",
                        "overdue",
                        null,
                        "the newest backup proved by readback shows the database 1 min ago"));
    }

    @Test
    void shouldNotCountWhatFailedOrWasNotProvedWellEnough() {
        bench.at("2026-03-01T10:00:00Z").manifestWith("watchdog: {maxAge: PT1H, proof: restore}");
        bench.completed("2026-03-01T10:55:00Z", ProofKind.READBACK);
        bench.over(new BackupState.Failed(
                FailureReason.COUNTS_DIFFER, "orders", Instant.parse("2026-03-01T10:56:00Z"), null));
        lookAt("2026-03-01T10:00:00Z");

        lookAt("2026-03-01T11:00:01Z");

        assertThat(about("orders", BackupOverdue.class)).hasSize(1);
    }

    @Test
    void shouldAcceptABetterProofThanAsked() {
        bench.at("2026-03-01T10:00:00Z").manifest();
        bench.completed("2026-03-01T09:00:00Z", ProofKind.RESTORE);

        lookAt("2026-03-02T10:00:00Z");

        assertThat(about("orders", BackupOverdue.class)).isEmpty();
    }

    /// A clock that ran ahead leaves backups from the future, which never grow old.
    @Test
    void shouldNotBeSoothedByABackupFromTheFuture() {
        bench.at("2026-03-01T10:00:00Z").manifest();
        lookAt("2026-03-01T10:00:00Z");
        bench.completed("2027-03-01T02:00:00Z", ProofKind.READBACK);

        lookAt("2026-03-03T10:00:00Z");

        assertThat(about("orders", BackupOverdue.class)).hasSize(1);
    }

    @Test
    void shouldNotBeSoothedByBackupsOfAnotherDatabaseOfThatName() {
        bench.at("2026-03-01T10:00:00Z").manifest();
        bench.completed("2026-03-01T09:00:00Z", ProofKind.READBACK);
        lookAt("2026-03-01T10:00:00Z");

        bench.manifestOf("orders_of_the_new_server");
        lookAt("2026-03-01T11:00:00Z");
        lookAt("2026-03-02T13:00:01Z");

        assertThat(about("orders", BackupOverdue.class))
                .singleElement()
                .satisfies(overdue -> assertThat(overdue.newest()).isNull());
    }

    @Test
    void shouldGiveANewDatabaseOfAnOldNameTimeForItsFirstBackup() {
        bench.at("2026-03-01T10:00:00Z").manifest();
        bench.watchdog.look();

        bench.at("2026-03-10T10:00:00Z").manifestOf("moved");
        bench.watchdog.look();

        assertThat(bench.told().stream().map(Object::toString).filter(told -> told.contains("database=orders")))
                .isEmpty();
    }

    @Test
    void shouldTellOfAScheduleThatIsPausedForTooLong() {
        bench.at("2026-03-01T10:00:00Z").manifest(NIGHTLY);
        bench.pause("nightly", "moving the server");
        everyTwelveHoursUntil("2026-03-04T10:00:00Z");
        int before = about("orders", ScheduleInactive.class).size();

        everyTwelveHoursUntil("2026-03-06T10:00:00Z");
        bench.resume("nightly");
        lookAt("2026-03-06T10:01:00Z");

        assertThat(before).isZero();
        assertThat(about("orders", ScheduleInactive.class)).singleElement().satisfies(still -> {
            assertThat(still.schedule()).isEqualTo("nightly");
            assertThat(still.since()).isEqualTo("2026-03-01T10:00:00Z");
            assertThat(still.reason()).isEqualTo("paused for 3 d 12 h by mara: moving the server");
            assertThat(still.nextAct()).isEqualTo("resume it, or remove it if nobody needs it");
        });
        assertThat(about("orders", BackupRecovered.class))
                .filteredOn(good -> good.cause().equals("inactive"))
                .hasSize(1);
    }

    /// Due work that stands still is found by somebody who does not depend on it.
    @Test
    void shouldTellOfAScheduleThatNobodyTakesUp() {
        bench.at("2026-03-01T10:00:00Z").manifest(NIGHTLY);

        lookAt("2026-03-02T02:15:01Z");

        assertThat(about("orders", ScheduleInactive.class))
                .singleElement()
                .satisfies(still -> assertThat(still.reason())
                        .isEqualTo("nobody took up its time 2026-03-02T02:00, 15 min 1 s ago"));
    }

    @Test
    void shouldTellOfEveryMissedRunAndBeGoodAgainWithTheNextBackup() {
        bench.at("2026-03-01T10:00:00Z").manifest(NIGHTLY + ", grace: PT1H");
        bench.at("2026-03-02T03:00:01Z").work();
        bench.at("2026-03-03T03:00:01Z").work();

        bench.endByBackup();

        assertThat(about("orders", BackupMissed.class))
                .extracting(BackupMissed::local)
                .containsExactly("2026-03-02T02:00", "2026-03-03T02:00");
        assertThat(about("orders", BackupMissed.class).getFirst().reason())
                .isEqualTo("nightly, due at 2026-03-02T02:00: nobody was there within 1 h of its time");
        assertThat(about("orders", BackupRecovered.class))
                .extracting(BackupRecovered::cause, BackupRecovered::schedule)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("missed", "nightly"));
    }

    @Test
    void shouldTakeBackWhatIsNoLongerThere() {
        bench.at("2026-03-01T10:00:00Z").manifest(NIGHTLY);
        lookAt("2026-03-01T10:00:00Z");
        lookAt("2026-03-02T12:30:00Z");
        List<EventData> before = bench.told();

        bench.put("application: shop\n");
        lookAt("2026-03-02T12:31:00Z");
        lookAt("2026-03-02T12:32:00Z");

        assertThat(before)
                .hasOnlyElementsOfTypes(BackupOverdue.class, ScheduleInactive.class)
                .hasSize(3);
        assertThat(bench.told()).hasSize(6);
        assertThat(about("orders", BackupRecovered.class))
                .extracting(BackupRecovered::cause)
                .containsExactlyInAnyOrder("overdue", "inactive");
    }

    private void everyTwelveHoursUntil(String moment) {
        Instant end = Instant.parse(moment);
        while (bench.clock.instant().isBefore(end)) {
            bench.clock.advance(Duration.ofHours(12));
            bench.work();
            bench.watchdog.look();
        }
    }

    private void lookAt(String moment) {
        bench.at(moment).watchdog.look();
    }

    private <D extends EventData> List<D> about(String database, Class<D> type) {
        return bench.told().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(event -> event.toString().contains("database=" + database))
                .toList();
    }
}
