package dev.slipway.backup.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.backup.Shelf;
import dev.slipway.backup.SourceDatabase;
import dev.slipway.backup.capture.CaptureBackup;
import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Engines;
import dev.slipway.backup.engine.Job;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.engine.Scratch;
import dev.slipway.backup.engine.ScratchName;
import dev.slipway.backup.engine.ServerKind;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.testkit.TestClock;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Databases as people have them: what is in them, how it is called and how much of it there is.
@Timeout(120)
class OddDatabaseTest {
    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMinutes(2));

    /// What a database holds, as it says itself: kind → its query.
    private static final Map<String, String> CONTENTS = Map.ofEntries(
            Map.entry("relations", """
                    select format('%s %s.%s %s', relkind, n.nspname, relname, relpersistence)
                    from pg_class c join pg_namespace n on n.oid = relnamespace
                    where nspname !~ '^pg_' and nspname <> 'information_schema'"""),
            Map.entry("columns", """
                    select format('%s.%s %s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod),
                        attgenerated, pg_get_expr(adbin, adrelid))
                    from pg_attribute join pg_class c on c.oid = attrelid
                    join pg_namespace n on n.oid = relnamespace
                    left join pg_attrdef on adrelid = attrelid and adnum = attnum
                    where nspname !~ '^pg_' and nspname <> 'information_schema' and attnum > 0 and not attisdropped"""),
            Map.entry("indexes", "select indexdef from pg_indexes where schemaname = 'public'"),
            Map.entry("constraints", """
                    select format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(k.oid))
                    from pg_constraint k join pg_namespace n on n.oid = connamespace where nspname = 'public'"""),
            Map.entry(
                    "triggers",
                    "select tgenabled::text || pg_get_triggerdef(oid) from pg_trigger where not tgisinternal"),
            Map.entry("rules", "select definition from pg_rules where schemaname = 'public'"),
            Map.entry("functions", """
                    select pg_get_functiondef(p.oid) from pg_proc p join pg_namespace n on n.oid = pronamespace
                    where nspname = 'public' and prokind in ('f', 'p')
                      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')"""),
            Map.entry("views", "select viewname || ': ' || definition from pg_views where schemaname = 'public'"),
            Map.entry("materialized views", """
                    select format('%s %s %s', matviewname, ispopulated, definition) from pg_matviews"""),
            Map.entry("types", """
                    select format('%s %s %s', typname, typtype,
                        (select string_agg(enumlabel, ',' order by enumsortorder) from pg_enum where enumtypid = t.oid))
                    from pg_type t join pg_namespace n on n.oid = typnamespace
                    where nspname = 'public' and typtype in ('e', 'd', 'r')"""),
            Map.entry("extensions", "select extname || ' ' || extversion from pg_extension"),
            Map.entry("sequences", """
                    select format('%s.%s %s by %s', schemaname, sequencename, last_value, increment_by)
                    from pg_sequences"""),
            Map.entry("next of a sequence", "select nextval('apart')::text"),
            Map.entry("large objects", """
                    select oid || ' ' || encode(lo_get(oid), 'hex') from pg_largeobject_metadata"""),
            Map.entry("partitioned rows", "select format('%s %s', tableoid::regclass, m) from measured m"),
            Map.entry("rows of a materialized view", "select t::text from totals t"),
            Map.entry("rows of types of its own", "select k::text from kinds k"));

    @TempDir
    Path disk;

    private final UUID backup = UUID.randomUUID();
    private final TestClock clock = TestClock.at("2026-03-01T10:00:00Z");

    @Test
    void shouldRestoreEveryKindOfObjectAsItWas() throws Exception {
        SourceDatabase source = withEveryKind();
        source.jdbi().useHandle(handle -> handle.execute("grant select on large object 77777 to keeper"));

        Archive archive = capture(source.access());
        try (Scratch scratch = restore(source, archive)) {
            SortedMap<String, List<String>> restored =
                    contents(source.in(scratch.access().database()));

            assertThat(scratch.countRows()).isEqualTo(archive.tables());
            contents(source.jdbi())
                    .forEach((kind, all) ->
                            assertThat(restored.get(kind)).as(kind).isNotEmpty().isEqualTo(all));
        }
        assertThat(archive.tables())
                .containsEntry("public.measured_2025", 2L)
                .containsEntry("public.measured_rest", 1L)
                .containsEntry("public.unlogged", 1L)
                .containsEntry("public.parent", 1L)
                .containsEntry("public.child", 2L)
                .doesNotContainKeys("public.measured", "public.totals", "public.temporary");
        assertThat(archive.extensions()).containsKeys("citext", "hstore");
    }

    @Test
    void shouldFailRatherThanLeaveOutALargeObject() {
        SourceDatabase source = withEveryKind();

        BackupFault fault = catchThrowableOfType(BackupFault.class, () -> capture(source.access()));

        assertThat(fault.reason()).isEqualTo(FailureReason.ACCESS_DENIED);
        assertThat(fault).hasMessageContaining("large object 77777");
        assertThat(Shelf.everything(disk)).isEmpty();
    }

    @Test
    void shouldProveADatabaseWhosePublicSchemaWasMadeAnew() throws Exception {
        SourceDatabase source = SourceDatabase.withOrders(3);
        source.jdbi().useHandle(handle -> {
            handle.execute("drop schema public cascade");
            handle.execute("create schema public");
            handle.execute("comment on schema public is 'ours'");
            handle.execute("create extension pg_trgm");
            handle.execute("comment on extension pg_trgm is 'words'");
            handle.execute("create table public.words as select 'soup' as word");
        });

        Archive archive = capture(source.access());
        try (Scratch scratch = restore(source, archive)) {
            assertThat(scratch.countRows()).isEqualTo(Map.of("public.words", 1L, "stock.\"Item\"", 2L));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create extension postgres_fdw",
                "create event trigger watching on ddl_command_end execute function seen()"
            })
    void shouldSayWhatOnlyASuperuserCouldRestore(String special) throws Exception {
        SourceDatabase source = SourceDatabase.withOrders(3);
        source.jdbi().useHandle(handle -> {
            handle.execute("create function seen() returns event_trigger language plpgsql as 'begin end'");
            handle.execute(special);
        });
        Archive archive = capture(source.access());

        BackupFault fault = catchThrowableOfType(BackupFault.class, () -> restore(source, archive));

        assertThat(fault.reason()).isEqualTo(FailureReason.ACCESS_DENIED);
        assertThat(fault).hasMessageContaining(special.contains("watching") ? "\"watching\"" : "\"postgres_fdw\"");
        assertThat(fault).hasMessageContaining("superuser");
    }

    @Test
    void shouldTakeNamesWithQuotesBlanksAndEmoji() throws Exception {
        SourceDatabase source = SourceDatabase.named("\"Tea\" & 'n' \\ ☕ 😀 a=b %20 $x;-- ", 4);
        source.jdbi().useHandle(handle -> {
            handle.execute("create schema \"s\"\"c'h 😀.\"");
            handle.execute("create sequence \"s\"\"c'h 😀.\".\"n\"\"o' 😀\" start 42");
            handle.execute("create table \"s\"\"c'h 😀.\".\"t\"\"a ble'; 😀\n--\" (\"c\"\"o l'umn 😀\" int)");
            handle.execute("insert into \"s\"\"c'h 😀.\".\"t\"\"a ble'; 😀\n--\" values (1), (2), (3)");
            handle.execute("select nextval('\"s\"\"c''h 😀.\".\"n\"\"o'' 😀\"')");
        });

        Archive archive = capture(source.access());
        try (Scratch scratch = restore(source, archive)) {
            assertThat(archive.tables()).containsEntry("\"s\"\"c'h 😀.\".\"t\"\"a ble'; 😀\n--\"", 3L);
            assertThat(scratch.countRows()).isEqualTo(archive.tables());
            assertThat(texts(
                            source.in(scratch.access().database()),
                            "select nextval('\"s\"\"c''h 😀.\".\"n\"\"o'' 😀\"')::text"))
                    .containsExactly("43");
        }
        assertThat(source.scratchDatabases()).doesNotContain(ScratchName.of(backup));
    }

    @Test
    void shouldProveTenThousandTables() throws Exception {
        SourceDatabase source = SourceDatabase.withOrders(3);
        source.jdbi().useHandle(handle -> handle.execute("""
                do $$ begin
                  for i in 1..10000 loop execute format('create table many_%s (id int)', i); end loop;
                  insert into many_777 values (1), (2);
                end $$"""));

        Archive archive = capture(source.access());
        try (Scratch scratch = restore(source, archive)) {
            assertThat(archive.tables()).hasSize(10_003).containsEntry("public.many_777", 2L);
            assertThat(scratch.countRows()).isEqualTo(archive.tables());
        } finally {
            source.in("postgres")
                    .useHandle(handle -> handle.execute("drop database \"%s\" with (force)"
                            .formatted(source.access().database())));
        }
    }

    @Test
    void shouldGetInByAPasswordOfAllKindsOfCharacters() throws Exception {
        Access known = SourceDatabase.withOrders(3).access();
        Access odd = as(known, SourceDatabase.ODD_ROLE, SourceDatabase.ODD_PASSWORD);
        Access nearly = as(known, SourceDatabase.ODD_ROLE, SourceDatabase.ODD_PASSWORD.strip());

        assertThat(capture(odd).totalRows()).isEqualTo(5);
        assertThat(catchThrowableOfType(BackupFault.class, () -> capture(nearly))
                        .reason())
                .isEqualTo(FailureReason.ACCESS_DENIED);
    }

    @Test
    void shouldSayThatTheServerHasNoSuchDatabase() {
        Access nowhere = SourceDatabase.withOrders(1).access().on("no \"such\" one");

        BackupFault fault = catchThrowableOfType(BackupFault.class, () -> capture(nowhere));

        assertThat(fault.reason()).isEqualTo(FailureReason.UNKNOWN_DATABASE);
        assertThat(fault).hasMessageContaining("no \"such\" one");
    }

    @Test
    @Timeout(20)
    void shouldNotWaitForAServerThatSaysNothing() throws Exception {
        Limits short_ = new Limits(Duration.ofSeconds(1), LIMITS.lockWait(), LIMITS.total());
        try (ServerSocket silent = new ServerSocket(0)) {
            Access access =
                    new Access(ServerKind.POSTGRESQL, "localhost", silent.getLocalPort(), "shop", "keeper", "hunter2");

            BackupFault fault = catchThrowableOfType(
                    BackupFault.class,
                    () -> new CaptureBackup(engines(), clock)
                            .capture(Shelf.in(disk).order(backup, access, short_)));

            assertThat(fault.reason()).isEqualTo(FailureReason.SERVER_UNREACHABLE);
        }
    }

    @Test
    void shouldSayThatNobodyKnowsTheHost() {
        Access lost = new Access(ServerKind.POSTGRESQL, "no-such-host.invalid", 5432, "shop", "keeper", "hunter2");

        BackupFault fault = catchThrowableOfType(BackupFault.class, () -> capture(lost));

        assertThat(fault.reason()).isEqualTo(FailureReason.SERVER_UNREACHABLE);
        assertThat(fault).hasMessageContaining("no-such-host.invalid");
    }

    /// One of everything that a dump can lose or a restore can make into something else.
    private static SourceDatabase withEveryKind() {
        SourceDatabase source = SourceDatabase.withOrders(20);
        source.jdbi().useHandle(handle -> {
            handle.execute("create extension citext");
            handle.execute("create extension hstore");
            handle.execute("create type mood as enum ('glad', 'sad', 'so ''so''')");
            handle.execute("create domain positive as int check (value > 0)");
            handle.execute("create type span as range (subtype = date)");
            handle.execute("""
                    create table kinds (id positive primary key, how mood, name citext unique, tags hstore, data jsonb,
                        many text[], during span, raw bytea, exact numeric(30, 10), at timestamptz, doc tsvector,
                        exclude using gist (during with &&))""");
            handle.execute("""
                    insert into kinds values
                    (1, 'so ''so''', 'Soup', 'a=>1', '{"b": [1, null]}', '{x,"y,z",NULL}', '[2025-01-01,2025-02-01)',
                     '\\x00ff5c27', 12345678901234567890.0123456789, '2025-03-30 02:30:00+01', to_tsvector('hot soup')),
                    (2, 'sad', 'Tab\tand\nline \\. 😀', null, 'null', '{}', 'empty', '', 'NaN', 'infinity', '')""");
            handle.execute("""
                    create table measured (at date not null, value numeric,
                        twice numeric generated always as (value * 2) stored) partition by range (at)""");
            handle.execute("""
                    create table measured_2025 partition of measured for values from ('2025-01-01') to ('2026-01-01')""");
            handle.execute("create table measured_rest partition of measured default");
            handle.execute("create index on measured (value) where value > 1");
            handle.execute("""
                    insert into measured (at, value) values ('2025-01-01', 1), ('2025-12-31', 2), ('1999-01-01', 3)""");
            handle.execute("create materialized view totals as select sum(twice) as total from measured");
            handle.execute("create unique index on totals (total)");
            handle.execute("create materialized view unread as select * from totals with no data");
            handle.execute("create view recent as select id from orders where id > 10 with check option");
            handle.execute("create sequence apart increment 7 start 100 cache 1");
            handle.execute("select nextval('apart'), nextval('apart')");
            handle.execute("create sequence unused start 5");
            handle.execute("create table serial_one (id bigserial, ref bigint references orders deferrable)");
            handle.execute("insert into serial_one (ref) select id from orders");
            handle.execute("create unlogged table unlogged as select 1 as n");
            handle.execute("create table parent (n int)");
            handle.execute("create table child () inherits (parent)");
            handle.execute("insert into parent values (1)");
            handle.execute("insert into child values (2), (3)");
            handle.execute("create temporary table temporary as select 1 as n");
            handle.execute("""
                    create function noted() returns trigger language plpgsql security definer
                    set search_path = pg_catalog as $f$ begin raise notice 'it''s $$'; return new; end $f$""");
            handle.execute("create procedure tidy(lowest int) language sql as 'delete from orders where id < lowest'");
            handle.execute("create trigger noting after insert on orders for each row execute function noted()");
            handle.execute("create trigger sleeping before delete on orders for each row execute function noted()");
            handle.execute("alter table orders disable trigger sleeping");
            handle.execute("create rule nothing as on delete to parent do instead nothing");
            handle.execute("create statistics related on id, item from orders");
            handle.execute("select lo_from_bytea(77777, decode('00ff275c', 'hex'))");
        });
        return source;
    }

    private static SortedMap<String, List<String>> contents(Jdbi jdbi) throws SQLException {
        SortedMap<String, List<String>> contents = new TreeMap<>();
        for (var kind : CONTENTS.entrySet()) {
            contents.put(
                    kind.getKey(),
                    texts(jdbi, kind.getValue()).stream().sorted().toList());
        }
        return contents;
    }

    /// Past what takes colons and question marks for parameters.
    private static List<String> texts(Jdbi jdbi, String query) throws SQLException {
        try (var handle = jdbi.open();
                var statement = handle.getConnection().createStatement();
                var rows = statement.executeQuery(query)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }

    private static Access as(Access access, String user, String password) {
        return new Access(access.kind(), access.host(), access.port(), access.database(), user, password);
    }

    private Archive capture(Access access) throws Exception {
        return new CaptureBackup(engines(), clock).capture(Shelf.in(disk).order(backup, access, LIMITS));
    }

    private Scratch restore(SourceDatabase source, Archive archive) throws Exception {
        Scratch scratch = engines().of(archive).scratch(new Job(backup, source.access(), LIMITS), archive);
        try (var content = Shelf.in(disk).copies(backup, archive).open()) {
            scratch.restore(content);
            return scratch;
        } catch (BackupFault | IOException | InterruptedException e) {
            scratch.close();
            throw e;
        }
    }

    private Engines engines() {
        return Shelf.engines(disk.resolve(".run"), clock);
    }
}
