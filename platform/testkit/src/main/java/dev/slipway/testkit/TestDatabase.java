package dev.slipway.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;

/// A database of one test's own, on the one real PostgreSQL server of this JVM. Databases with the same migrations are
/// copies of one template, so a fresh one takes milliseconds.
///
/// @param url JDBC URL without credentials
public record TestDatabase(String name, String url, String user, String password) {
    private static final Map<String, String> TEMPLATES = new ConcurrentHashMap<>();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /// A new database, migrated from these locations on the class path (`db/eventing`, `db/migration` …).
    public static TestDatabase fresh(String... locations) {
        String template = TEMPLATES.computeIfAbsent(String.join(",", locations), _ -> template(locations));
        String name = "test" + NUMBER.incrementAndGet();
        Server.admin().useHandle(handle -> handle.execute("create database " + name + " template " + template));
        return of(name);
    }

    public Jdbi jdbi() {
        return Jdbi.create(url, user, password);
    }

    public static int port() {
        return Server.POSTGRES.getPort();
    }

    private static String template(String... locations) {
        String name = "template" + NUMBER.incrementAndGet() + "_";
        Server.admin().useHandle(handle -> handle.execute("create database " + name));
        if (locations.length > 0) {
            TestDatabase database = of(name);
            Flyway.configure()
                    .dataSource(database.url, database.user, database.password)
                    .locations(locations)
                    .load()
                    .migrate();
        }
        return name;
    }

    private static TestDatabase of(String name) {
        return new TestDatabase(name, Server.POSTGRES.getJdbcUrl("postgres", name), "postgres", "postgres");
    }

    /// Started at first use, stopped with the JVM.
    private static final class Server {
        static final EmbeddedPostgres POSTGRES = start();

        static Jdbi admin() {
            return Jdbi.create(POSTGRES.getJdbcUrl("postgres", "postgres"));
        }

        private static EmbeddedPostgres start() {
            try {
                EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "200")
                        .setCleanDataDirectory(false)
                        .start();
                String data = Jdbi.create(server.getJdbcUrl("postgres", "postgres"))
                        .withHandle(handle -> handle.createQuery("show data_directory")
                                .mapTo(String.class)
                                .one());
                ProcessHandle postmaster = ProcessHandle.of(pid(Path.of(data))).orElseThrow();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> close(server, postmaster, Path.of(data))));
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException("PostgreSQL did not start", e);
            }
        }

        private static long pid(Path data) throws IOException {
            return Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid"))
                    .getFirst()
                    .strip());
        }

        /// A hundred databases are a hundred thousand files: a process of its own removes them. A JVM of Surefire's
        /// that did so itself would be ended half way, after 30 s.
        private static void close(EmbeddedPostgres server, ProcessHandle postmaster, Path data) {
            try {
                // Its own hook may be at it already: then this returns at once.
                server.close();
                postmaster.onExit().get(10, TimeUnit.SECONDS);
                new ProcessBuilder("rm", "-rf", data.toString()).start();
            } catch (Exception e) {
                throw new IllegalStateException("PostgreSQL's folder stays behind: " + data, e);
            }
        }
    }
}
