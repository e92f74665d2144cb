package dev.slipway.suite.kafka;

import dev.slipway.events.Topics;
import dev.slipway.suite.SuiteFailure;
import dev.slipway.suite.process.CommandProgram;
import dev.slipway.suite.process.Program;
import dev.slipway.suite.process.TcpPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/// Apache Kafka with one broker that is its own controller (KRaft), bound to the loopback address, without
/// authentication: whoever may run programs on this machine may write to it.
public final class KafkaBroker {
    private static final int API_SECONDS = 30;

    private final Path folder;
    private final int port;
    private final int controllerPort = TcpPort.free();

    /// @param folder its settings and data
    /// @param port where clients connect
    public KafkaBroker(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /// The broker as a program. Writes its settings.
    ///
    /// @param environment of its JVM
    /// @throws IOException when the settings cannot be written
    public Program program(Map<String, String> environment, Path log) throws IOException {
        Files.createDirectories(folder);
        Path settings = folder.resolve("server.properties");
        Files.writeString(settings, settings());
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx384m",
                "-Dorg.slf4j.simpleLogger.logFile=System.out",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
                "-cp",
                System.getProperty("java.class.path"),
                KafkaMain.class.getName(),
                settings.toString(),
                data().toString());
        return new CommandProgram("kafka", command, environment, folder, log, port, () -> true);
    }

    /// Creates the topics of the suite that do not exist yet; events are kept for [Topics#RETENTION_DAYS], access
    /// tokens for ever.
    ///
    /// @throws SuiteFailure when the broker does not do it in time
    public void createTopics() {
        Map<String, Object> settings = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                API_SECONDS * 1_000,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                API_SECONDS * 1_000 / 2);
        try (Admin admin = Admin.create(settings)) {
            Set<String> existing = admin.listTopics().names().get(API_SECONDS, TimeUnit.SECONDS);
            List<NewTopic> missing = topics().stream()
                    .filter(topic -> !existing.contains(topic.name()))
                    .toList();
            admin.createTopics(missing).all().get(API_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SuiteFailure("interrupted while creating the topics", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new SuiteFailure("kafka does not create the topics: " + e.getMessage(), e);
        }
    }

    /// The topics and their settings, the same that `docker-compose.yml` makes.
    static List<NewTopic> topics() {
        String retention = Long.toString(Duration.ofDays(Topics.RETENTION_DAYS).toMillis());
        List<NewTopic> topics = new ArrayList<>();
        for (String name : Topics.ofEvents()) {
            topics.add(new NewTopic(name, Topics.PARTITIONS, (short) 1)
                    .configs(Map.of(
                            TopicConfig.CLEANUP_POLICY_CONFIG,
                            TopicConfig.CLEANUP_POLICY_DELETE,
                            TopicConfig.RETENTION_MS_CONFIG,
                            retention)));
        }
        topics.add(new NewTopic(Topics.ACCESS, 1, (short) 1)
                .configs(new HashMap<>(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT))));
        return topics;
    }

    private Path data() {
        return folder.resolve("log");
    }

    /// After a kill the broker is let in again only when its last session has run out, hence the short one.
    private String settings() {
        return """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=CLIENTS://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=CLIENTS://127.0.0.1:%1$d
                listener.security.protocol.map=CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT
                inter.broker.listener.name=CLIENTS
                controller.listener.names=CONTROLLER
                log.dirs=%3$s
                auto.create.topics.enable=false
                offsets.topic.num.partitions=1
                offsets.topic.replication.factor=1
                transaction.state.log.num.partitions=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                share.coordinator.state.topic.num.partitions=1
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                group.initial.rebalance.delay.ms=0
                broker.heartbeat.interval.ms=1000
                broker.session.timeout.ms=4000
                """.formatted(port, controllerPort, data());
    }
}
