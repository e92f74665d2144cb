package dev.slipway.testkit;

import dev.slipway.events.Topics;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
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
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/// A real broker (KRaft, a single node) of one test's own, with the suite's topics: it goes away and comes back, at the
/// same address and with what it held. Who does not need that takes [TestKafka].
public final class TestBroker implements AutoCloseable {
    private final Path data;
    private final Properties settings;
    private final String address;
    private final String open;
    private @Nullable KafkaRaftServer server;

    private TestBroker(Path data, Properties settings, String address, String open) {
        this.data = data;
        this.settings = settings;
        this.address = address;
        this.open = open;
    }

    /// A broker that is up, on free ports.
    public static TestBroker started() {
        return started(Map.of());
    }

    /// A broker whose listener lets in nobody without a certificate and a password (`SASL_SSL`), and lets them do what
    /// they have a right to.
    ///
    /// @param listener settings of that listener: keys, whom it trusts, users; none for one that lets everybody in
    static TestBroker started(Map<String, String> listener) {
        try {
            int port = freePort();
            int controller = freePort();
            Path data = Files.createTempDirectory("slipway-kafka");
            Properties settings = settings(data, port, controller);
            String open = "localhost:" + port;
            if (!listener.isEmpty()) {
                open = "localhost:" + freePort();
                settings.put(
                        "listeners",
                        "CLIENTS://localhost:%d,INTERNAL://%s,CONTROLLER://localhost:%d"
                                .formatted(port, open, controller));
                settings.put(
                        "listener.security.protocol.map", "CLIENTS:SASL_SSL,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT");
                settings.put("inter.broker.listener.name", "INTERNAL");
                // Whoever comes in by the other listeners may do everything, by this one nothing that is not granted.
                settings.put("authorizer.class.name", StandardAuthorizer.class.getName());
                settings.put("super.users", "User:ANONYMOUS");
                listener.forEach((name, value) -> settings.put("listener.name.clients." + name, value));
            }
            TestBroker broker = new TestBroker(data, settings, "localhost:" + port, open);
            broker.format();
            broker.start();
            createTopics(open);
            return broker;
        } catch (Exception e) {
            throw new IllegalStateException("Kafka did not start", e);
        }
    }

    public String bootstrapServers() {
        return address;
    }

    /// A listener that lets everybody in, for whoever sets a secured broker up.
    public String openServers() {
        return open;
    }

    public void start() {
        KafkaRaftServer fresh = new KafkaRaftServer(KafkaConfig.fromProps(settings), Time.SYSTEM);
        fresh.startup();
        server = fresh;
    }

    /// It goes away; what it holds stays.
    public void stop() {
        KafkaRaftServer running = server;
        server = null;
        if (running != null) {
            running.shutdown();
            running.awaitShutdown();
        }
    }

    @Override
    public void close() {
        stop();
        try (var files = Files.walk(data)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException _) {
            // a temporary folder; the system cleans up what is left
        }
    }

    private void format() throws Exception {
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
}
