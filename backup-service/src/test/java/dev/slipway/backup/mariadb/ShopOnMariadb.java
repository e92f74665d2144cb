package dev.slipway.backup.mariadb;

import dev.slipway.backup.SourceDatabase;
import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.ServerKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Jdbi;

/// Somebody's database on a real MariaDB of its own, with everything in it that a dump can lose.
///
/// @param access of an account that has no more rights than it needs
/// @param jdbi as root, in that database
public record ShopOnMariadb(Access access, Jdbi jdbi) {
    /// Every special character, what an option file escapes, and some that are more than one byte.
    public static final String PASSWORD = " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \\n\\s é☕😀 ";

    static final String ODD_TABLE = "t `a\"b' ☕";

    private static final AtomicInteger NUMBER = new AtomicInteger();

    /// A new database with a table `orders` of that many rows.
    public static ShopOnMariadb withOrders(int rows) {
        return named("-Shop of ☕ `" + NUMBER.incrementAndGet() + '`', rows);
    }

    /// The same under another name.
    static ShopOnMariadb named(String name, int rows) {
        Server.admin()
                .useHandle(handle -> handle.execute(
                        "create database %s character set utf8mb4".formatted(MariadbSession.name(name))));
        Jdbi jdbi = Server.in(name);
        jdbi.useHandle(handle -> {
            handle.execute("""
                    create table orders (
                        id int primary key auto_increment, item varchar(80) not null, raw blob,
                        loud varchar(80) generated always as (upper(item)) stored)""");
            handle.execute(
                    "insert into orders (item, raw) select concat('order ', seq), x'00ff275c' from seq_1_to_" + rows);
            handle.execute("create table `t ``a\"b' ☕` (`c)``d` text)");
            handle.execute(
                    "insert into `t ``a\"b' ☕` values (?), (?), (?)", "a'b),('c\\", "two\nlines;\n(x);", "😀 \"(");
            handle.execute("create table nothing_yet (id int)");
        });
        return new ShopOnMariadb(access(name, "keeper", PASSWORD), jdbi);
    }

    /// Adds a view, routines, triggers and an event, all of root's.
    public ShopOnMariadb withObjects() {
        jdbi.useHandle(handle -> {
            handle.execute("create view recent as select id, concat(item, ';\n') as line from orders where id > 1");
            handle.execute(
                    "create procedure tidy(in least int)\nbegin\n  -- CREATE TABLE `none` (\n  delete from orders where id < least;\nend");
            handle.execute("create function twice(a int) returns int deterministic return a * 2");
            handle.execute("create sequence numbers");
            handle.execute(
                    "create trigger on_order after insert on orders for each row insert into nothing_yet values (new.id)");
            handle.execute("create trigger %1$s.named before insert on %1$s.orders for each row set @named = 1"
                    .formatted(MariadbSession.name(access.database())));
            handle.execute(
                    "create event clean on schedule every 1 second starts now() + interval 1 day do delete from orders");
        });
        return this;
    }

    /// Adds rows of that many megabytes: what takes a dump a while.
    public ShopOnMariadb withBulk(int megabytes) {
        jdbi.useHandle(handle -> {
            handle.execute("create table bulk (n int primary key, text longtext)");
            handle.execute("insert into bulk select seq, repeat(md5(rand()), 32768) from seq_1_to_" + megabytes);
        });
        return this;
    }

    /// Adds rows of that many megabytes that hardly get smaller: what takes many frames.
    public ShopOnMariadb withNoise(int megabytes) {
        jdbi.useHandle(handle ->
                handle.execute("create table noise as select seq as n, concat(%s) as text from seq_1_to_%d"
                        .formatted(
                                String.join(", ", java.util.Collections.nCopies(32, "md5(rand())")),
                                megabytes * 1024)));
        return this;
    }

    /// The same database by an account of its own.
    public Access as(String user, String... grants) {
        Server.admin().useHandle(handle -> {
            handle.execute("create or replace user '%s'@'%%' identified by 'hunter2'".formatted(user));
            for (String grant : grants) {
                handle.execute("grant %s to '%s'@'%%'"
                        .formatted(grant.replace("SHOP", MariadbSession.name(access.database())), user));
            }
        });
        return access(access.database(), user, "hunter2");
    }

    /// How to reach one on the same server.
    public static Access access(String database, String user, String password) {
        return new Access(ServerKind.MARIADB, "localhost", Server.RUNNING.port(), database, user, password);
    }

    public List<String> scratchSchemas() {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select schema_name from information_schema.schemata where schema_name like 'slipway\\_scratch%'")
                .mapTo(String.class)
                .list());
    }

    /// As what a bench backs up.
    public SourceDatabase source() {
        return new SourceDatabase(access, jdbi);
    }

    /// Waits until an account has no connection: a server takes a moment to see that a client is gone.
    ///
    /// @return whether it had none within ten seconds
    public boolean connectionsEnd(String user) {
        for (int tries = 0; tries < 1_000; tries++) {
            if (connections(user).isEmpty()) {
                return true;
            }
            LockSupport.parkNanos(10_000_000);
        }
        return false;
    }

    /// Whether a connection of an account waits for a lock.
    public boolean isWaiting(String user) {
        return jdbi.withHandle(handle ->
                handle.createQuery("""
                        select exists (select 1 from information_schema.processlist
                            where user = ? and state like 'Waiting%')""").bind(0, user).mapTo(Boolean.class).one());
    }

    /// The connections of an account, but those that ended.
    public List<Long> connections(String user) {
        return jdbi.withHandle(
                handle -> handle.createQuery("select id from information_schema.processlist where user = ?")
                        .bind(0, user)
                        .mapTo(Long.class)
                        .list());
    }

    /// Started at first use, stopped with the JVM.
    private record Server(int port, Process process) {
        private static final long ENOUGH_BYTES = 4_000_000_000L;

        static final Server RUNNING = start();

        static Jdbi admin() {
            return in("mysql");
        }

        static Jdbi in(String database) {
            return Jdbi.create(() -> {
                var connection = connect(RUNNING.port());
                connection.setCatalog(database);
                return connection;
            });
        }

        private static java.sql.Connection connect(int port) throws SQLException {
            Properties root = new Properties();
            root.setProperty("user", "root");
            return java.sql.DriverManager.getConnection("jdbc:mariadb://localhost:%d/".formatted(port), root);
        }

        private static Server start() {
            try {
                Path folder = folder();
                run(
                        folder,
                        "mariadb-install-db",
                        "--no-defaults",
                        "--user=root",
                        "--datadir=" + folder.resolve("data"),
                        "--auth-root-authentication-method=normal",
                        "--skip-test-db");
                int port;
                try (ServerSocket free = new ServerSocket(0)) {
                    port = free.getLocalPort();
                }
                Process process = new ProcessBuilder(
                                "mariadbd",
                                "--no-defaults",
                                "--user=root",
                                "--datadir=" + folder.resolve("data"),
                                "--socket=" + folder.resolve("s"),
                                "--port=" + port,
                                "--bind-address=127.0.0.1",
                                "--event-scheduler=ON",
                                "--innodb-flush-log-at-trx-commit=0",
                                "--innodb-file-per-table=OFF",
                                "--sync-binlog=0")
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile())
                        .start();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(process, folder)));
                awaitReady(port, process, folder);
                return new Server(port, process);
            } catch (IOException e) {
                throw new UncheckedIOException("MariaDB did not start", e);
            }
        }

        /// In memory where there is enough of it: ten thousand tables are ten thousand waits for a disk.
        private static Path folder() throws IOException {
            Path memory = Path.of("/dev/shm");
            boolean enough =
                    Files.isWritable(memory) && Files.getFileStore(memory).getUsableSpace() > ENOUGH_BYTES;
            return enough ? Files.createTempDirectory(memory, "mariadb") : Files.createTempDirectory("mariadb");
        }

        private static void run(Path folder, String... command) throws IOException {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("install").toFile())
                    .start();
            try {
                if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                    process.destroyForcibly();
                    throw new IOException(Files.readString(folder.resolve("install")));
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        private static void awaitReady(int port, Process process, Path folder) throws IOException {
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (process.isAlive() && System.nanoTime() < end) {
                try (var connection = connect(port);
                        var statement = connection.createStatement()) {
                    statement.execute("create user keeper@'%' identified by '"
                            + PASSWORD.replace("\\", "\\\\").replace("'", "''") + "'");
                    statement.execute("grant select, show view, trigger, event, reload on *.* to keeper@'%'");
                    statement.execute("grant all on `slipway\\_scratch\\_%`.* to keeper@'%'");
                    return;
                } catch (SQLException _) {
                    LockSupport.parkNanos(50_000_000);
                }
            }
            throw new IOException(Files.readString(folder.resolve("log")));
        }

        private static void stop(Process process, Path folder) {
            process.destroyForcibly();
            try {
                process.waitFor(10, TimeUnit.SECONDS);
                try (var files = Files.walk(folder)) {
                    files.sorted(java.util.Comparator.reverseOrder())
                            .forEach(file -> file.toFile().delete());
                }
            } catch (IOException | InterruptedException _) {
                // The temporary folder stays.
            }
        }
    }
}
