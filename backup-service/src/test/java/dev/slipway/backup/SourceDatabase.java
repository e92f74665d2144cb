package dev.slipway.backup;

import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.ServerKind;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Jdbi;

/// Somebody's database: on a real server of its own, where the role that takes backups needs its password and has
/// no more rights than it needs.
///
/// @param access of that role
/// @param jdbi as superuser
public record SourceDatabase(Access access, Jdbi jdbi) {
    public static final String ROLE = "keeper";

    /// With the characters that a password file escapes.
    public static final String PASSWORD = "s3cret:with\\both";

    /// With the same rights as the other one.
    public static final String ODD_ROLE = "odd";

    /// Everything a keyboard has, and more.
    public static final String ODD_PASSWORD = " !\"#$%&'()*+,-./0:;<=>?@A[\\]^_`a{|}~ ''\"\" \\:\\ ${env:HOME} äß€🧀 ";

    private static final AtomicInteger NUMBER = new AtomicInteger();

    /// A new database with a table `orders` of that many rows, one in another schema, and an empty one.
    public static SourceDatabase withOrders(int rows) {
        return named("Shop-" + NUMBER.incrementAndGet(), rows);
    }

    /// The same under another name.
    public static SourceDatabase named(String name, int rows) {
        Server.admin()
                .useHandle(handle -> handle.execute("create database \"%s\"".formatted(name.replace("\"", "\"\""))));
        Jdbi jdbi = Server.in(name);
        jdbi.useHandle(handle -> {
            handle.execute("""
                    create table orders (id bigint generated always as identity primary key, item text not null);
                    create schema stock;
                    create table stock."Item" (name text primary key);
                    insert into stock."Item" values ('soup'), ('bread');
                    create table nothing_yet (id int)""");
            handle.execute("insert into orders (item) select 'order ' || n from generate_series(1, ?) n", rows);
        });
        return new SourceDatabase(
                new Access(ServerKind.POSTGRESQL, "localhost", Server.POSTGRES.getPort(), name, ROLE, PASSWORD), jdbi);
    }

    /// Adds rows of that many megabytes: what takes a dump a while. Their random texts come round again after four
    /// megabytes, which is further than what compresses them looks back.
    public SourceDatabase withBulk(int megabytes) {
        jdbi.useHandle(handle -> handle.execute("""
                create table bulk as
                with random as (
                    select r, string_agg(md5(random()::text || n), '') as text
                    from generate_series(0, 39) r, generate_series(1, 3200) n group by r)
                select n, text from generate_series(1, ?) n join random on r = n % 40""", megabytes * 10));
        return this;
    }

    /// Another database of the same server, as superuser.
    public Jdbi in(String database) {
        return Server.in(database);
    }

    /// Waits until the backup has no session on the server: a server takes a moment to see that a client is gone.
    ///
    /// @return whether it had none within ten seconds
    public boolean sessionsEnd(UUID backup) {
        return within(10, () -> sessionsOf(backup) == 0);
    }

    /// Waits until autovacuum is at work in a database.
    ///
    /// @return whether it was within forty seconds
    public boolean isVacuumed(String database) {
        return within(
                40,
                () -> jdbi.withHandle(handle -> handle.createQuery("""
                        select count(*) > 0 from pg_stat_activity
                        where backend_type = 'autovacuum worker' and datname = ? and query like '%slow_to_vacuum%'""")
                        .bind(0, database)
                        .mapTo(Boolean.class)
                        .one()));
    }

    private static boolean within(int seconds, BooleanSupplier condition) {
        for (int tries = 0; tries < seconds * 100; tries++) {
            if (condition.getAsBoolean()) {
                return true;
            }
            LockSupport.parkNanos(10_000_000);
        }
        return false;
    }

    private int sessionsOf(UUID backup) {
        return jdbi.withHandle(
                handle -> handle.createQuery("select count(*) from pg_stat_activity where application_name = ?")
                        .bind(0, "backup-" + backup)
                        .mapTo(Integer.class)
                        .one());
    }

    /// The scratch databases on the server, of whatever test.
    public List<String> scratchDatabases() {
        return jdbi.withHandle(
                handle -> handle.createQuery("select datname from pg_database where datname like 'slipway_scratch_%'")
                        .mapTo(String.class)
                        .list());
    }

    /// Started at first use, stopped with the JVM.
    private static final class Server {
        static final EmbeddedPostgres POSTGRES = start();

        static Jdbi admin() {
            return in("postgres");
        }

        static Jdbi in(String database) {
            return Jdbi.create(POSTGRES.getDatabase("postgres", database));
        }

        private static EmbeddedPostgres start() {
            try {
                EmbeddedPostgres server = EmbeddedPostgres.builder().start();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> close(server)));
                askForPasswords(Jdbi.create(server.getJdbcUrl("postgres", "postgres")));
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException("PostgreSQL did not start", e);
            }
        }

        private static void askForPasswords(Jdbi admin) {
            admin.useHandle(handle -> {
                handle.execute("create role %s login createdb password '%s'".formatted(ROLE, PASSWORD));
                handle.execute("create role %s login createdb password '%s'"
                        .formatted(ODD_ROLE, ODD_PASSWORD.replace("'", "''")));
                handle.execute("grant pg_read_all_data to %s, %s".formatted(ROLE, ODD_ROLE));
                Path rules = Path.of(
                        handle.createQuery("show hba_file").mapTo(String.class).one());
                try {
                    Files.writeString(
                            rules,
                            "host all %s,%s all scram-sha-256\n".formatted(ROLE, ODD_ROLE) + Files.readString(rules));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                handle.execute("select pg_reload_conf()");
            });
        }

        private static void close(EmbeddedPostgres server) {
            try {
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
