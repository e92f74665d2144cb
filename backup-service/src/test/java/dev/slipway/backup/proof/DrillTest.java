package dev.slipway.backup.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.SourceDatabase;
import dev.slipway.backup.capture.CaptureBackup;
import dev.slipway.backup.engine.Engines;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.engine.ScratchName;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.Archives;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.proof.DrillReport.Checked;
import dev.slipway.backup.proof.DrillReport.Counted;
import dev.slipway.backup.proof.DrillReport.Phase;
import dev.slipway.testkit.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DrillTest {
    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMinutes(2));

    @TempDir
    Path disk;

    private final UUID backup = UUID.randomUUID();
    private final TestClock clock = TestClock.at("2026-03-01T10:00:00Z");
    private final SourceDatabase source = SourceDatabase.withOrders(50);

    @Test
    void shouldBringBackEveryKindOfObjectAndEverySequence() throws Exception {
        source.jdbi().useHandle(handle -> handle.createScript("""
                create extension if not exists pg_trgm;
                create table "Käse ""fein"" 🧀" (id serial primary key, "a b" text unique, price int check (price > 0));
                insert into "Käse ""fein"" 🧀" ("a b", price) select 'no ' || n, n from generate_series(1, 7) n;
                create sequence "moved on" start 5;
                select setval('"moved on"', 42);
                create sequence backwards increment -1;
                create sequence unused start 7;
                create sequence almost_over maxvalue 9223372036854775807;
                select setval('almost_over', 9223372036854775807);
                create sequence around maxvalue 3 cycle;
                select nextval('backwards');
                create table parted (day date not null, n int, twice int generated always as (n * 2) stored)
                    partition by range (day);
                create table parted_2026 partition of parted for values from ('2026-01-01') to ('2027-01-01');
                create table parted_rest partition of parted default;
                insert into parted (day, n) values ('2026-03-01', 1), ('2026-04-01', 2), ('1999-01-01', 3);
                create index on parted (n);
                create view cheap as select * from "Käse ""fein"" 🧀" where price < 3;
                create materialized view totals as select count(*) as all_of_them from orders;
                create unique index on totals (all_of_them);
                create function touched() returns trigger language plpgsql as 'begin return new; end';
                create trigger touch before update on orders for each row execute function touched();
                select lo_from_bytea(4711, 'large');
                grant select on large object 4711 to keeper;
                """).execute());
        Archive archive = capture();

        DrillReport report = drill(
                archive,
                List.of(
                        new Check("generated", "select sum(twice) = 12 from parted", Duration.ofSeconds(5)),
                        new Check("refreshed", "select all_of_them = 50 from totals", Duration.ofSeconds(5)),
                        new Check("sequence", "select last_value = 42 from \"moved on\"", Duration.ofSeconds(5))));

        assertThat(report.message()).isNull();
        assertThat(report.passed()).isTrue();
        assertThat(archive.tables()).containsEntry("public.\"Käse \"\"fein\"\" 🧀\"", 7L);
        assertThat(archive.details().objects())
                .containsEntry("sequence public.\"moved on\"", 43L)
                .containsEntry("sequence public.backwards", -2L)
                .containsEntry("sequence public.unused", 7L)
                .containsEntry("sequence public.almost_over", Long.MAX_VALUE)
                .doesNotContainKey("sequence public.around")
                .containsEntry("large objects", 1L)
                .containsEntry("views", 1L)
                .containsEntry("materialized views", 1L)
                .containsEntry("functions", 1L)
                .containsEntry("triggers", 1L);
        assertThat(report.objects()).isEqualTo(archive.details().objects().size());
        assertThat(report.phases())
                .extracting(Phase::name)
                .containsExactly("create", "restore", "compare", "check", "drop");
        assertThat(report.counts().getFirst()).isEqualTo(new Counted("public.orders", 50L, 50L));
        assertThat(report.checks()).extracting(Checked::fault).containsOnlyNulls();
        assertThat(source.scratchDatabases()).doesNotContain(ScratchName.of(backup));
    }

    @Test
    void shouldFindASequenceThatIsBehindAndAnIndexThatIsMissing() throws Exception {
        Archive archive = capture();

        DrillReport behind = drill(Archives.seen(archive, "sequence public.orders_id_seq", 52), List.of());
        DrillReport fewer = drill(Archives.seen(archive, "indexes", 3), List.of());
        DrillReport within = drill(moved(archive, 40, 51), List.of());
        DrillReport outside = drill(moved(archive, 52, 60), List.of());

        assertThat(behind.message()).isEqualTo("sequence public.orders_id_seq: 52 in the snapshot, 51 restored");
        assertThat(behind.phases()).extracting(Phase::name).containsExactly("create", "restore", "compare", "drop");
        assertThat(behind.composition().getFirst().matches())
                .as("what differs is told first")
                .isFalse();
        assertThat(fewer.reason()).isEqualTo(FailureReason.OBJECTS_MISSING);
        assertThat(within.message()).isNull();
        assertThat(outside.message()).isEqualTo("sequence public.orders_id_seq: 52 to 60 in the snapshot, 51 restored");
    }

    private static Archive moved(Archive archive, long from, long to) {
        Map<String, Long> objects = new TreeMap<>(archive.details().objects());
        objects.remove("sequence public.orders_id_seq");
        objects.put("sequence public.orders_id_seq from", from);
        objects.put("sequence public.orders_id_seq to", to);
        return Archives.consistingOf(archive, objects);
    }

    @Test
    void shouldTakeNothingButTrueFromAQuestion() throws Exception {
        Archive archive = capture();

        DrillReport report = drill(
                archive,
                List.of(
                        check("yes", "select count(*) = 50 from orders;"),
                        check("no", "select count(*) = 49 from orders"),
                        check("nothing", "select true where false"),
                        check("unknown", "select null::boolean"),
                        check("number", "select 1"),
                        check("wide", "select true, true"),
                        check("many", "select true from orders"),
                        check("wrong", "select true from orderz"),
                        check("slow", "select pg_sleep(20) is not null"),
                        check("writes", "with gone as (delete from orders returning 1) select count(*) > 0 from gone"),
                        check("two", "select true; select true"),
                        check("way-out", "commit; drop table orders"),
                        check("role", "select current_user = 'keeper'"),
                        check("switch", "select set_config('transaction_read_only', 'off', false) = 'off'")));

        assertThat(report.reason()).isEqualTo(FailureReason.CHECK_FAILED);
        assertThat(report.message()).startsWith("the check 'no' is not true: the answer is false");
        assertThat(report.checks().stream()
                        .filter(checked -> checked.fault() == null)
                        .map(Checked::name))
                .containsExactly("yes");
        assertThat(report.checks().get(8).fault()).contains("statement timeout");
        assertThat(report.checks().get(10).fault()).isEqualTo("it must be one statement");
    }

    @Test
    void shouldTellHowLongEachPartTook() throws Exception {
        Archive archive = capture();

        DrillReport report = drill(archive, List.of());

        Duration all = report.phases().stream().map(Phase::took).reduce(Duration.ZERO, Duration::plus);
        Duration untilBack =
                report.phases().get(0).took().plus(report.phases().get(1).took());
        assertThat(report.phases()).allSatisfy(phase -> assertThat(phase.took()).isPositive());
        assertThat(report.recovery())
                .isCloseTo(untilBack, Duration.ofMillis(20))
                .isLessThan(all);
        assertThat(RestoreDrill.proof(report).took()).isEqualTo(all);
        assertThat(report.rows()).isEqualTo(52);
    }

    private static Check check(String name, String sql) {
        return new Check(name, sql, Duration.ofMillis(500));
    }

    private Archive capture() throws Exception {
        return new CaptureBackup(engines(), clock).capture(Shelf.in(disk).order(backup, source.access(), LIMITS));
    }

    private DrillReport drill(Archive archive, List<Check> checks) throws Exception {
        return new RestoreDrill(engines(), clock)
                .drill(Shelf.in(disk).copies(backup, archive), source.access(), checks, LIMITS);
    }

    private Engines engines() {
        return Shelf.engines(disk.resolve(".run"), clock);
    }
}
