package dev.slipway.eventing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.events.Catalogue;
import dev.slipway.events.Topics;
import dev.slipway.testkit.TestBroker;
import dev.slipway.testkit.TestKafka;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// The broker of docs/operations: TLS on both sides and a password, with keys that are made here, and the rights that
/// stand there.
class SecuredBrokerTest {
    private static final String PASSWORD = "correct-horse";
    private static final Path DOCUMENT = Path.of("../../docs/operations/README.md");
    private static final List<String> SERVICES =
            List.of(Catalogue.DEPLOY, Catalogue.BACKUP, Catalogue.MONITOR, Catalogue.NOTIFY);

    @TempDir
    private static Path keys;

    private static TestBroker broker;

    private final EventingStory story = new EventingStory();

    @BeforeAll
    static void start() throws Exception {
        makeKey("broker");
        makeKey("client");
        makeKey("stranger");
        broker = TestKafka.secured(Map.of(
                "ssl.keystore.type", "PEM",
                "ssl.keystore.location", keys.resolve("broker.pem").toString(),
                "ssl.truststore.type", "PEM",
                "ssl.truststore.location", keys.resolve("client.crt").toString(),
                "ssl.client.auth", "required",
                "sasl.enabled.mechanisms", "PLAIN",
                "plain.sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required %s;"
                                .formatted(SERVICES.stream()
                                        .map(service -> "user_%s=\"%s\"".formatted(service, PASSWORD))
                                        .collect(Collectors.joining(" ")))));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.openServers()))) {
            admin.createAcls(documented()).all().get(30, TimeUnit.SECONDS);
        }
    }

    /// What the commands of the document grant.
    private static List<AclBinding> documented() throws IOException {
        List<AclBinding> rights = new ArrayList<>();
        for (String line : Files.readAllLines(DOCUMENT)) {
            String[] words = line.split(" ");
            if (!words[0].equals("acl")) {
                continue;
            }
            AclOperation operation = AclOperation.ANY;
            for (int i = 2; i < words.length; i += 2) {
                switch (words[i]) {
                    case "--operation" -> operation = AclOperation.fromString(words[i + 1]);
                    case "--topic" -> rights.add(right(words[1], operation, ResourceType.TOPIC, words[i + 1]));
                    case "--group" -> rights.add(right(words[1], operation, ResourceType.GROUP, words[i + 1]));
                    default -> throw new AssertionError("what is this? " + line);
                }
            }
        }
        return rights;
    }

    private static AclBinding right(String service, AclOperation operation, ResourceType type, String name) {
        return new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:" + service, "*", operation, AclPermissionType.ALLOW));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void shouldCarryEventsOverTlsWithKeysOnBothSides() throws Exception {
        KafkaSettings kafka = settings(PASSWORD, "client");
        var event = story.finished("secured");
        story.jdbi.useTransaction(tx -> story.outbox.write(tx, "r1", event));

        try (var producer = kafka.producer()) {
            assertThat(new Relay(() -> producer, story.clock).publish(story.jdbi))
                    .isEqualTo(1);
        }

        KafkaSettings consumers = settings(Catalogue.DEPLOY, PASSWORD, "client");
        try (KafkaConsumer<String, byte[]> consumer = consumers.consumer()) {
            consumer.subscribe(List.of("slipway.watch"));
            assertThat(next(consumer).key()).isEqualTo("r1");
        }
        try (var admin = kafka.admin()) {
            assertThat(admin.listTopics().names().get(10, TimeUnit.SECONDS)).contains(Topics.ACCESS);
        }
    }

    @Test
    void shouldGetNowhereWithoutThePassword() {
        publishesNothing(settings("wrong", "client"), "Authentication failed");
    }

    @Test
    void shouldGetNowhereWithAKeyThatTheBrokerDoesNotTrust() {
        publishesNothing(settings(PASSWORD, "stranger"), "the broker did not take an event");
    }

    @ParameterizedTest
    @FieldSource("SERVICES")
    void shouldLetEachServiceDoWhatTheCatalogueSaysAndNothingElse(String service) throws Exception {
        Map<String, Set<AclOperation>> expected = new TreeMap<>();
        for (Catalogue.Entry entry : Catalogue.entries()) {
            if (entry.isSaidBy(Catalogue.SOURCE + service)) {
                grant(expected, entry.topic(), AclOperation.WRITE);
            }
            if (entry.consumers().contains(service) || entry.topic().equals(Topics.ACCESS)) {
                grant(expected, entry.topic(), AclOperation.READ);
            }
        }

        Map<String, Set<AclOperation>> granted = new TreeMap<>();
        try (Admin admin = settings(service, PASSWORD, "client").admin()) {
            for (String topic : admin.listTopics().names().get(10, TimeUnit.SECONDS)) {
                var described = admin.describeTopics(
                        List.of(topic), new DescribeTopicsOptions().includeAuthorizedOperations(true));
                granted.put(
                        topic,
                        described
                                .allTopicNames()
                                .get(10, TimeUnit.SECONDS)
                                .get(topic)
                                .authorizedOperations());
            }
        }

        assertThat(granted).isEqualTo(expected);
    }

    private static void grant(Map<String, Set<AclOperation>> rights, String topic, AclOperation operation) {
        rights.computeIfAbsent(topic, _ -> EnumSet.of(AclOperation.DESCRIBE)).add(operation);
    }

    @Test
    void shouldKeepAServiceFromSpeakingForAnother() {
        try (var producer = settings(PASSWORD, "client").producer()) {
            var sent = producer.send(new ProducerRecord<>(Topics.RELEASES, "r1", new byte[0]));

            assertThatThrownBy(() -> sent.get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
        }
    }

    private void publishesNothing(KafkaSettings kafka, String why) {
        story.jdbi.useTransaction(tx -> story.outbox.write(tx, "r1", story.finished("refused")));

        try (var producer = kafka.producer()) {
            Relay relay = new Relay(() -> producer, story.clock);
            assertThatThrownBy(() -> relay.publish(story.jdbi))
                    .isInstanceOf(TemporaryFailure.class)
                    .hasMessageContaining(why);
        }
        assertThat(story.jdbi.<Integer, RuntimeException>withHandle(
                        handle -> handle.createQuery("select count(*) from outbox where published_at is null")
                                .mapTo(Integer.class)
                                .one()))
                .isOne();
    }

    private static KafkaSettings settings(String password, String key) {
        return settings(Catalogue.MONITOR, password, key);
    }

    private static KafkaSettings settings(String service, String password, String key) {
        Map<String, String> given = new HashMap<>(Map.of(
                "kafka.security.protocol", "SASL_SSL",
                "kafka.sasl.mechanism", "PLAIN",
                "kafka.sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\";"
                                .formatted(service, password),
                "kafka.ssl.keystore.type", "PEM",
                "kafka.ssl.keystore.location", keys.resolve(key + ".pem").toString(),
                "kafka.ssl.truststore.type", "PEM",
                "kafka.ssl.truststore.location", keys.resolve("broker.crt").toString()));
        var config = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(given, "test", 500))
                .build();
        return new KafkaSettings(broker.bootstrapServers(), service, Optional.empty(), KafkaSettings.security(config));
    }

    private static ConsumerRecord<String, byte[]> next(KafkaConsumer<String, byte[]> consumer) {
        ConsumerRecords<String, byte[]> records = consumer.poll(Duration.ofSeconds(20));
        return records.iterator().next();
    }

    private static void makeKey(String name) throws IOException, InterruptedException {
        Path key = keys.resolve(name + ".key");
        Path certificate = keys.resolve(name + ".crt");
        Process openssl = new ProcessBuilder(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=" + name,
                        "-addext",
                        "subjectAltName=DNS:localhost",
                        "-keyout",
                        key.toString(),
                        "-out",
                        certificate.toString())
                .redirectErrorStream(true)
                .redirectOutput(keys.resolve("openssl.log").toFile())
                .start();
        assertThat(openssl.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(openssl.exitValue()).isZero();
        Files.writeString(keys.resolve(name + ".pem"), Files.readString(key) + Files.readString(certificate));
    }
}
