package dev.slipway.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.events.Catalogue;
import dev.slipway.events.Topics;
import dev.slipway.suite.kafka.RewindGroups;
import dev.slipway.suite.process.Supervised;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One warm suite with a real broker and a real database server; the services are stand-ins.
class SuiteTest {
    private static final Duration BACK_WITHIN = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static final List<String> TOLD = new CopyOnWriteArrayList<>();
    private static final AccessToken ADMIN =
            AccessToken.issue("ops", "admin", "approver:business").withPerson("lea@example.org", "github:lea");
    private static Suite suite;

    @BeforeAll
    static void startSuite() {
        suite = Suite.start(options().withAccess(ADMIN));
    }

    @AfterAll
    static void stopSuite() {
        suite.close();
    }

    private static SuiteOptions options() {
        return SuiteOptions.in(Path.of(".."), folder.resolve("data"))
                .withTell(TOLD::add)
                .withReplicas(2)
                .withEnvironment(Map.of("SLIPWAY_REF_SHOP_HOME", "/srv/shop"))
                .withPrograms(StandIn.forAllServices());
    }

    @Test
    void shouldCreateTopicsWithTheRetentionOfTheCatalogue() throws Exception {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, suite.bootstrapServers()))) {
            Set<String> names = Stream.concat(Topics.ofEvents().stream(), Stream.of(Topics.ACCESS))
                    .collect(Collectors.toSet());

            var topics = admin.describeTopics(names).allTopicNames().get();

            for (String topic : Topics.ofEvents()) {
                assertThat(topics.get(topic).partitions()).hasSize(Topics.PARTITIONS);
                assertThat(setting(admin, topic, TopicConfig.RETENTION_MS_CONFIG))
                        .isEqualTo(Long.toString(
                                Duration.ofDays(Topics.RETENTION_DAYS).toMillis()));
            }
            assertThat(setting(admin, Topics.ACCESS, TopicConfig.CLEANUP_POLICY_CONFIG))
                    .isEqualTo("compact");
        }
    }

    @Test
    void shouldKeepWhatIsCommittedAndAskForPasswords() throws SQLException {
        try (Connection connection = suite.postgres().connect("postgres");
                Statement statement = connection.createStatement()) {
            assertThat(text(statement, "show fsync")).isEqualTo("on");
            assertThat(text(statement, "show synchronous_commit")).isEqualTo("on");
            assertThat(text(statement, "show listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(text(statement, "select string_agg(distinct auth_method, ',') from pg_hba_file_rules"))
                    .isEqualTo("scram-sha-256");
        }
        assertThatThrownBy(() -> suite.postgres().connect("postgres", "postgres", "guess"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password");
    }

    @Test
    void shouldLetTheAppRoleUseWhatTheOwnerMakesAndNothingElse() throws Exception {
        Map<String, String> environment = environmentOf(Catalogue.BACKUP);
        try (Connection owner = as(environment, "FLYWAY");
                Statement statement = owner.createStatement()) {
            statement.execute("create table thing (id bigint generated always as identity primary key, name text)");
        }
        try (Connection app = as(environment, "DATASOURCE");
                Statement statement = app.createStatement()) {
            statement.execute("insert into thing (name) values ('kept')");
            assertThat(text(statement, "select name from thing")).isEqualTo("kept");
            assertThatThrownBy(() -> statement.execute("drop table thing")).hasMessageContaining("must be owner");
            assertThatThrownBy(() -> statement.execute("create table mine (id int)"))
                    .hasMessageContaining("permission denied");
        }
        String user = environment.get("QUARKUS_DATASOURCE_USERNAME");
        String password = environment.get("QUARKUS_DATASOURCE_PASSWORD");
        assertThatThrownBy(() -> suite.postgres().connect("slipway_deploy", user, password))
                .hasMessageContaining("permission denied");
    }

    @Test
    void shouldConfigureServicesByTheirEnvironmentOnly() throws Exception {
        Map<String, String> environment = environmentOf(Catalogue.DEPLOY);

        assertThat(environment)
                .containsEntry("KAFKA_BOOTSTRAP_SERVERS", suite.bootstrapServers())
                .containsEntry("SLIPWAY_REF_SHOP_HOME", "/srv/shop")
                .containsEntry("SLIPWAY_ACCESS_TOKENS_0__NAME", "ops")
                .containsEntry("SLIPWAY_ACCESS_TOKENS_0__SHA256", ADMIN.sha256())
                .containsEntry("SLIPWAY_ACCESS_TOKENS_0__ROLES", "admin,approver:business")
                .containsEntry("SLIPWAY_ACCESS_TOKENS_0__PERSON", "lea@example.org")
                .containsEntry("SLIPWAY_ACCESS_TOKENS_0__ALIASES", "github:lea")
                .doesNotContainValue(suite.token("ops"));
        assertThat(commandLines())
                .doesNotContain(environment.get("QUARKUS_DATASOURCE_PASSWORD"))
                .doesNotContain(environment.get("QUARKUS_FLYWAY_PASSWORD"))
                .doesNotContain(suite.token("ops"));
    }

    @Test
    void shouldLetNobodyElseReadTheData() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(suite.data())))
                .isEqualTo("rwx------");
        try (Stream<Path> secrets = Files.list(suite.data().resolve("secrets"))) {
            assertThat(secrets)
                    .isNotEmpty()
                    .allSatisfy(
                            secret -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                                    .isEqualTo("rw-------"));
        }
    }

    @Test
    void shouldStartAServiceAgainThatWasKilled() {
        long before = pid(Catalogue.NOTIFY);

        suite.kill9(Catalogue.NOTIFY);
        suite.awaitReady(Catalogue.NOTIFY, BACK_WITHIN);

        assertThat(pid(Catalogue.NOTIFY)).isNotEqualTo(before);
        assertThat(suite.service(Catalogue.NOTIFY).restarts()).isPositive();
        assertThat(TOLD).contains("notify-service died: killed by signal 9; started again in 500 ms");
    }

    @Test
    void shouldKeepDataThroughAKillOfTheDatabaseServer() throws SQLException {
        try (Connection connection = suite.postgres().connect("slipway_monitor");
                Statement statement = connection.createStatement()) {
            statement.execute("create table survivor as select 42 as answer");
        }

        suite.kill9("postgres");
        suite.awaitReady("postgres", BACK_WITHIN);

        try (Connection connection = suite.postgres().connect("slipway_monitor");
                Statement statement = connection.createStatement()) {
            assertThat(text(statement, "select answer from survivor")).isEqualTo("42");
        }
    }

    @Test
    void shouldStartTheBrokerAgainWithItsTopics() throws Exception {
        suite.kill9("kafka");
        suite.awaitReady("kafka", BACK_WITHIN);

        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, suite.bootstrapServers()))) {
            assertThat(admin.listTopics().names().get()).contains(Topics.RELEASES);
        }
    }

    @Test
    void shouldRunASecondReplicaOnTheSameDataUnderItsOwnName() throws Exception {
        Map<String, String> first = environmentOf(Catalogue.DEPLOY);
        Map<String, String> second = environmentOf("deploy-service#2");

        assertThat(suite.processes()).hasSize(8).contains("deploy-service", "deploy-service#2");
        assertThat(second)
                .containsEntry("SLIPWAY_REPLICA", "2")
                .containsEntry("SLIPWAY_RUNS_DIR", first.get("SLIPWAY_RUNS_DIR"))
                .containsEntry("QUARKUS_DATASOURCE_JDBC_URL", first.get("QUARKUS_DATASOURCE_JDBC_URL"))
                .doesNotContainEntry("QUARKUS_HTTP_PORT", first.get("QUARKUS_HTTP_PORT"));
        assertThat(suite.service("deploy-service#2").log())
                .hasFileName("deploy-service#2.log")
                .exists();
        assertThatThrownBy(() -> suite.url("deploy-service#3")).hasMessageContaining("deploy-service#2");
    }

    @Test
    void shouldLeaveTheOtherReplicaAloneWhenOneIsKilled() {
        long other = pid(Catalogue.BACKUP);

        suite.kill9("backup-service#2");
        suite.awaitReady("backup-service#2", BACK_WITHIN);

        assertThat(pid(Catalogue.BACKUP)).isEqualTo(other);
        assertThat(suite.service("backup-service#2").restarts()).isPositive();
    }

    @Test
    void shouldFreezeAndThaw() throws Exception {
        long pid = suite.freeze("monitor-service#2");
        assertThat(Files.readString(Path.of("/proc/" + pid + "/stat"))).contains(") T ");

        suite.thaw("monitor-service#2");

        assertThat(environmentOf("monitor-service#2")).containsEntry("SLIPWAY_REPLICA", "2");
    }

    @Test
    void shouldFreezeTheDatabaseWithAllItsSessions() throws Exception {
        try (Connection connection = suite.postgres().connect("slipway_monitor");
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            connection.setNetworkTimeout(Runnable::run, 500);

            suite.freeze("postgres");

            assertThatThrownBy(() -> statement.execute("select 1")).hasMessageContaining("I/O error");
        } finally {
            suite.thaw("postgres");
        }
        try (Connection connection = suite.postgres().connect("slipway_monitor")) {
            assertThat(connection.isValid(5)).isTrue();
        }
    }

    @Test
    void shouldStopWhatIsFrozen() {
        suite.freeze("notify-service#2");

        suite.stop("notify-service#2");

        assertThat(suite.service("notify-service#2").state()).isEqualTo(new Supervised.State.Stopped());
        assertThat(TOLD).noneMatch(line -> line.contains("notify-service#2 did not stop"));
        suite.startAgain("notify-service#2");
    }

    @Test
    void shouldLetAServiceReadAgainFromAMomentOn() throws Exception {
        var partition = new TopicPartition(Topics.NOTICES, 0);
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, suite.bootstrapServers()));
                var producer = new KafkaProducer<>(
                        Map.<String, Object>of("bootstrap.servers", suite.bootstrapServers()),
                        new StringSerializer(),
                        new StringSerializer())) {
            for (long second : List.of(1_000L, 2_000L, 3_000L)) {
                producer.send(new ProducerRecord<>(partition.topic(), 0, second, "key", "value"))
                        .get();
            }
            admin.alterConsumerGroupOffsets(Catalogue.DEPLOY, Map.of(partition, new OffsetAndMetadata(3)))
                    .all()
                    .get();

            long records =
                    new RewindGroups(suite.bootstrapServers()).rewind(Catalogue.DEPLOY, Instant.ofEpochMilli(1_500));

            assertThat(records).isEqualTo(2);
            assertThat(admin.listConsumerGroupOffsets(Catalogue.DEPLOY)
                            .partitionsToOffsetAndMetadata()
                            .get()
                            .get(partition)
                            .offset())
                    .isEqualTo(1);
        }
    }

    @Test
    void shouldKeepAServiceDownUntilItIsStartedAgain() {
        suite.stop(Catalogue.MONITOR);
        assertThatThrownBy(() -> suite.awaitReady(Catalogue.MONITOR, Duration.ofSeconds(1)))
                .isInstanceOf(SuiteFailure.class)
                .hasMessage("monitor-service is stopped");

        suite.startAgain(Catalogue.MONITOR);

        suite.awaitReady(Catalogue.MONITOR, BACK_WITHIN);
    }

    @Test
    void shouldRefuseASecondSuiteOnTheSameData() {
        assertThatThrownBy(() -> Suite.start(options()))
                .isInstanceOf(SuiteFailure.class)
                .hasMessageContaining("runs on")
                .hasMessageContaining("pid " + ProcessHandle.current().pid())
                .hasMessageContaining("./slipway down");
        suite.awaitReady(Catalogue.DEPLOY, BACK_WITHIN);
    }

    private static long pid(String service) {
        return switch (suite.service(service).state()) {
            case Supervised.State.Ready(long pid) -> pid;
            default -> throw new AssertionError(service + " is not ready");
        };
    }

    private static Map<String, String> environmentOf(String service) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI uri = suite.service(service).url().resolve("/env");
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body()
                    .lines()
                    .map(line -> line.split("=", 2))
                    .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        }
    }

    private static Connection as(Map<String, String> environment, String role) throws SQLException {
        return suite.postgres()
                .connect(
                        "slipway_backup",
                        environment.get("QUARKUS_" + role + "_USERNAME"),
                        environment.get("QUARKUS_" + role + "_PASSWORD"));
    }

    private static String commandLines() {
        return ProcessHandle.current()
                .descendants()
                .map(process -> process.info().commandLine().orElse(""))
                .collect(Collectors.joining("\n"));
    }

    private static String setting(Admin admin, String topic, String name) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return admin.describeConfigs(List.of(resource))
                .all()
                .get()
                .get(resource)
                .get(name)
                .value();
    }

    private static String text(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
