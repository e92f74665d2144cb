package dev.slipway.suite.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.suite.process.TcpPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceDatabaseTest {
    private static final List<String> SERVICES = List.of("deploy", "backup", "monitor", "notify");

    /// What makes the rights of a database, without anything that differs by chance.
    private static final String RIGHTS = """
            select 'role ' || rolname || ' login=' || rolcanlogin || ' super=' || rolsuper || ' createdb=' || rolcreatedb
              from pg_roles where rolname like 'slipway%'
            union all
            select 'database ' || datname || ' of ' || pg_get_userbyid(datdba) || ' ' || coalesce(datacl::text, '')
              from pg_database where datname like 'slipway%'
            union all
            select 'schema ' || nspname || ' ' || coalesce(nspacl::text, '') from pg_namespace where nspname = 'public'
            union all
            select 'default ' || pg_get_userbyid(defaclrole) || ' ' || defaclobjtype::text || ' ' || defaclacl::text
              from pg_default_acl
            order by 1
            """;

    @TempDir
    private static Path folder;

    private static PostgresServer server;
    private static ProcessHandle process;

    @BeforeAll
    static void startServer() throws IOException {
        server = new PostgresServer(
                folder.resolve("data"), TestBinaries.folder(), folder.resolve("postgres.log"), TcpPort.free(), "super");
        process = server.start();
    }

    @AfterAll
    static void stopServer() {
        server.stop(process);
    }

    @Test
    void shouldGiveTheSameRightsAsTheScriptForContainers() throws Exception {
        server.create(databases());
        Map<String, List<String>> ofTheLauncher = rights();
        dropEverything();

        runScriptForContainers();

        assertThat(rights()).isEqualTo(ofTheLauncher);
        assertThat(ofTheLauncher.get("slipway_deploy"))
                .contains("database slipway_deploy of slipway_deploy_owner"
                        + " {slipway_deploy_owner=CTc/slipway_deploy_owner,slipway_deploy_app=c/slipway_deploy_owner}");
        server.admin()
                .connect("slipway_notify", "slipway_notify_app", "notify app's")
                .close();
        dropEverything();
    }

    @Test
    void shouldTakeNewPasswordsWhenItIsRepeated() throws SQLException {
        ServiceDatabase database = new ServiceDatabase("slipway_repeated", "one", "two");
        server.create(List.of(database));

        server.create(List.of(new ServiceDatabase("slipway_repeated", "three", "four")));

        server.admin().connect("slipway_repeated", database.owner(), "three").close();
        server.admin().connect("slipway_repeated", database.app(), "four").close();
        drop("slipway_repeated");
    }

    private static List<ServiceDatabase> databases() {
        return SERVICES.stream()
                .map(service -> new ServiceDatabase("slipway_" + service, service + " owner's", service + " app's"))
                .toList();
    }

    private static void runScriptForContainers() throws Exception {
        ProcessBuilder builder = new ProcessBuilder("../docker/postgres/create-databases.sh")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("script.out").toFile());
        builder.environment()
                .putAll(Map.of(
                        "PGHOST",
                        Postgres.HOST,
                        "PGPORT",
                        Integer.toString(server.admin().port()),
                        "PGPASSWORD",
                        "super"));
        for (String service : SERVICES) {
            String name = "SLIPWAY_" + service.toUpperCase(Locale.ROOT);
            builder.environment().put(name + "_OWNER_PASSWORD", service + " owner's");
            builder.environment().put(name + "_APP_PASSWORD", service + " app's");
        }
        Process script = builder.start();
        assertThat(script.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(folder.resolve("script.out"))).isEmpty();
        assertThat(script.exitValue()).isZero();
    }

    private static Map<String, List<String>> rights() throws SQLException {
        Map<String, List<String>> rights = new TreeMap<>();
        for (String service : SERVICES) {
            rights.put("slipway_" + service, lines("slipway_" + service, RIGHTS));
        }
        return rights;
    }

    private static List<String> lines(String database, String query) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Connection connection = server.admin().connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        }
        return lines;
    }

    private static void dropEverything() throws SQLException {
        for (String service : SERVICES) {
            drop("slipway_" + service);
        }
    }

    private static void drop(String database) throws SQLException {
        try (Connection connection = server.admin().connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("drop database " + database + " with (force)");
            statement.execute("drop role " + database + "_owner");
            statement.execute("drop role " + database + "_app");
        }
    }
}
