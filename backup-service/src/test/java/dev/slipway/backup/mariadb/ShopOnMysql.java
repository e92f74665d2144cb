package dev.slipway.backup.mariadb;

import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.ServerKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Jdbi;

/// Somebody's database on a real MySQL of its own, with everything in it that a dump can lose. The server and its
/// programs are those that `.ci/mysql` fetches: Debian's stable release has none.
///
/// @param access of an account that has no more rights than it needs
/// @param jdbi as root, in that database
record ShopOnMysql(Access access, Jdbi jdbi) {
    static final String ODD_TABLE = "t `a\"b' ☕";

    private static final AtomicInteger NUMBER = new AtomicInteger();

    /// A new database with a table `orders` of that many rows, a view, routines, triggers and an event of root's.
    static ShopOnMysql withOrders(int rows) {
        String name = "-Shop of ☕ `" + NUMBER.incrementAndGet() + '`';
        Server.in("mysql")
                .useHandle(handle -> handle.execute(
                        "create database %s character set utf8mb4".formatted(MariadbSession.name(name))));
        Jdbi jdbi = Server.in(name);
        jdbi.useHandle(handle -> {
            handle.execute("set session cte_max_recursion_depth = 1000000");
            handle.execute("""
                    create table orders (
                        id int primary key auto_increment, item varchar(80) not null, raw blob,
                        loud varchar(80) generated always as (upper(item)) stored)""");
            handle.execute("""
                    insert into orders (item, raw)
                    with recursive seq (n) as (select 1 union all select n + 1 from seq where n < ?)
                    select concat('order ', n), x'00ff275c' from seq""", rows);
            handle.execute("create table `t ``a\"b' ☕` (`c)``d` text)");
            handle.execute(
                    "insert into `t ``a\"b' ☕` values (?), (?), (?)", "a'b),('c\\", "two\nlines;\n(x);", "😀 \"(");
            handle.execute("create table papers (id int primary key, data json, n int invisible default 7)");
            handle.execute("insert into papers (id, data) values (1, '{\"a\": [1, null, \"b);\"]}')");
            handle.execute("create view recent as select id, concat(item, ';\n') as line from orders where id > 1");
            handle.execute(
                    "create procedure tidy(in least int)\nbegin\n  -- CREATE TABLE `none` (\n  delete from orders where id < least;\nend");
            handle.execute("create function twice(a int) returns int deterministic return a * 2");
            handle.execute(
                    "create trigger on_order after insert on orders for each row insert into papers (id) values (new.id)");
            handle.execute("create trigger %1$s.named before insert on %1$s.orders for each row set @named = 1"
                    .formatted(MariadbSession.name(name)));
            handle.execute(
                    "create event clean on schedule every 1 second starts now() + interval 1 day do delete from orders");
        });
        return new ShopOnMysql(access(name, "keeper", ShopOnMariadb.PASSWORD), jdbi);
    }

    /// Adds rows of that many megabytes: what takes a dump a while.
    ShopOnMysql withBulk(int megabytes) {
        jdbi.useHandle(handle -> {
            handle.execute("create table bulk (n int primary key, text longtext)");
            handle.execute("""
                    insert into bulk
                    with recursive seq (n) as (select 1 union all select n + 1 from seq where n < ?)
                    select n, repeat(sha2(rand(), 256), 16384) from seq""", megabytes);
        });
        return this;
    }

    /// The same database by an account of its own.
    Access as(String user, String... grants) {
        Server.in("mysql").useHandle(handle -> {
            handle.execute("drop user if exists '%s'@'%%'".formatted(user));
            handle.execute("create user '%s'@'%%' identified by 'hunter2'".formatted(user));
            for (String grant : grants) {
                handle.execute("grant %s to '%s'@'%%'"
                        .formatted(grant.replace("SHOP", MariadbSession.name(access.database())), user));
            }
        });
        return access(access.database(), user, "hunter2");
    }

    /// Lets no account but root make functions and triggers, as a server does where nothing else is said.
    void trustFunctionCreators(boolean trusted) {
        jdbi.useHandle(handle -> handle.execute("set global log_bin_trust_function_creators = " + trusted));
    }

    List<String> scratchSchemas() {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select schema_name from information_schema.schemata where schema_name like 'slipway\\_scratch%'")
                .mapTo(String.class)
                .list());
    }

    /// Where MySQL's programs are; empty where they are not.
    static Optional<Path> programs() {
        String told = System.getenv("SLIPWAY_TEST_MYSQL");
        Path folder = told == null ? Path.of(System.getProperty("user.home"), ".cache/slipway/mysql") : Path.of(told);
        return Files.isExecutable(folder.resolve("mysqld")) ? Optional.of(folder) : Optional.empty();
    }

    private static Access access(String database, String user, String password) {
        return new Access(ServerKind.MYSQL, "localhost", Server.RUNNING.port(), database, user, password);
    }

    /// Started at first use, stopped with the JVM.
    private record Server(int port) {
        static final Server RUNNING = start();

        static Jdbi in(String database) {
            return Jdbi.create(() -> {
                var connection = connect(RUNNING.port());
                connection.setCatalog(database);
                return connection;
            });
        }

        private static Connection connect(int port) throws SQLException {
            Properties root = new Properties();
            root.setProperty("user", "root");
            return DriverManager.getConnection("jdbc:mariadb://localhost:%d/".formatted(port), root);
        }

        private static Server start() {
            try {
                Path folder = Files.createTempDirectory("mysql");
                int port;
                try (ServerSocket free = new ServerSocket(0)) {
                    port = free.getLocalPort();
                }
                program(folder, "--initialize-insecure").start().waitFor(60, TimeUnit.SECONDS);
                Process process = program(
                                folder,
                                "--socket=" + folder.resolve("s"),
                                "--port=" + port,
                                "--bind-address=127.0.0.1",
                                "--mysqlx=OFF",
                                "--event-scheduler=ON",
                                "--innodb-flush-log-at-trx-commit=0",
                                // It writes one unless told otherwise; see docs/backups.md.
                                "--log-bin-trust-function-creators=ON")
                        .start();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(process, folder)));
                awaitReady(port, process, folder);
                return new Server(port);
            } catch (IOException e) {
                throw new UncheckedIOException("MySQL did not start", e);
            } catch (InterruptedException e) {
                throw new IllegalStateException("MySQL did not start", e);
            }
        }

        private static ProcessBuilder program(Path folder, String... options) {
            List<String> command = new ArrayList<>(List.of(
                    programs().orElseThrow().resolve("mysqld").toString(),
                    "--no-defaults",
                    "--user=root",
                    "--datadir=" + folder.resolve("data"),
                    "--secure-file-priv=NULL"));
            command.addAll(List.of(options));
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("log").toFile()));
        }

        private static void awaitReady(int port, Process process, Path folder) throws IOException {
            long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (process.isAlive() && System.nanoTime() < end) {
                try (var connection = connect(port);
                        var statement = connection.createStatement()) {
                    statement.execute("create user keeper@'%' identified by '"
                            + ShopOnMariadb.PASSWORD.replace("\\", "\\\\").replace("'", "''") + "'");
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
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            try {
                process.waitFor(10, TimeUnit.SECONDS);
                try (var files = Files.walk(folder)) {
                    files.sorted(Comparator.reverseOrder())
                            .forEach(file -> file.toFile().delete());
                }
            } catch (IOException | InterruptedException _) {
                // The temporary folder stays.
            }
        }
    }
}
