package dev.slipway.testkit;

import dev.slipway.events.Topics;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/// One real broker (KRaft, a single node) per test JVM, with the suite's topics.
public final class TestKafka {
    private TestKafka() {}

    /// Address of the broker; the first call starts it.
    public static String bootstrapServers() {
        return Broker.ADDRESS;
    }

    /// A further broker, whose listener lets in nobody without a certificate and a password (`SASL_SSL`).
    ///
    /// @param listener settings of that listener: keys, whom it trusts, users
    public static Secured secured(Map<String, String> listener) {
        try {
            int port = Broker.freePort();
            int internal = Broker.freePort();
            int controller = Broker.freePort();
            Path data = Files.createTempDirectory("slipway-kafka");
            Properties settings = Broker.settings(data, port, controller);
            settings.put(
                    "listeners",
                    "CLIENTS://localhost:%d,INTERNAL://localhost:%d,CONTROLLER://localhost:%d"
                            .formatted(port, internal, controller));
            settings.put("listener.security.protocol.map", "CLIENTS:SASL_SSL,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT");
            settings.put("inter.broker.listener.name", "INTERNAL");
            listener.forEach((name, value) -> settings.put("listener.name.clients." + name, value));
            Secured broker = new Secured("localhost:" + port, Broker.run(settings, data), data);
            Broker.createTopics("localhost:" + internal);
            return broker;
        } catch (Exception e) {
            throw new IllegalStateException("Kafka did not start", e);
        }
    }

    /// A broker that its test stops.
    public record Secured(String bootstrapServers, KafkaRaftServer server, Path data) implements AutoCloseable {
        @Override
        public void close() {
            Broker.stop(server, data);
        }
    }

    private static final class Broker {
        static final String ADDRESS = start();

        private static String start() {
            try {
                int port = freePort();
                int controller = freePort();
                Path data = Files.createTempDirectory("slipway-kafka");
                KafkaRaftServer server = run(settings(data, port, controller), data);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, data)));
                String address = "localhost:" + port;
                createTopics(address);
                return address;
            } catch (Exception e) {
                throw new IllegalStateException("Kafka did not start", e);
            }
        }

        private static KafkaRaftServer run(Properties settings, Path data) throws Exception {
            format(data);
            KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(settings), Time.SYSTEM);
            server.startup();
            return server;
        }

        private static void format(Path data) throws Exception {
            new Formatter()
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(1)
                    .addDirectory(data.toString())
                    .setMetadataLogDirectory(data.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setPrintStream(new PrintStream(PrintStream.nullOutputStream()))
                    .run();
        }

        private static Properties settings(Path data, int port, int controller) {
            Properties settings = new Properties();
            settings.putAll(Map.ofEntries(
                    Map.entry("process.roles", "broker,controller"),
                    Map.entry("node.id", "1"),
                    Map.entry("controller.quorum.voters", "1@localhost:" + controller),
                    Map.entry("controller.listener.names", "CONTROLLER"),
                    Map.entry("listeners", "PLAINTEXT://localhost:" + port + ",CONTROLLER://localhost:" + controller),
                    Map.entry("log.dirs", data.toString()),
                    Map.entry("auto.create.topics.enable", "false"),
                    Map.entry("offsets.topic.num.partitions", "1"),
                    Map.entry("offsets.topic.replication.factor", "1"),
                    Map.entry("transaction.state.log.num.partitions", "1"),
                    Map.entry("transaction.state.log.replication.factor", "1"),
                    Map.entry("transaction.state.log.min.isr", "1"),
                    Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                    Map.entry("share.coordinator.state.topic.min.isr", "1"),
                    Map.entry("group.initial.rebalance.delay.ms", "0")));
            return settings;
        }

        private static void createTopics(String address) throws Exception {
            List<NewTopic> topics = new ArrayList<>();
            Topics.ofEvents().forEach(name -> topics.add(new NewTopic(name, Topics.PARTITIONS, (short) 1)));
            topics.add(new NewTopic(Topics.ACCESS, 1, (short) 1)
                    .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT)));
            try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, address))) {
                admin.createTopics(topics).all().get(30, TimeUnit.SECONDS);
            }
        }

        private static int freePort() {
            try (ServerSocket socket = new ServerSocket(0)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void stop(KafkaRaftServer server, Path data) {
            server.shutdown();
            try (var files = Files.walk(data)) {
                files.sorted(java.util.Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            } catch (IOException _) {
                // a temporary folder; the system cleans up what is left
            }
        }
    }
}
