package dev.slipway.eventing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.events.Topics;
import dev.slipway.testkit.TestBroker;
import dev.slipway.testkit.TestKafka;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The broker of docs/operations: TLS on both sides and a password, with keys that are made here.
class SecuredBrokerTest {
    private static final String PASSWORD = "correct-horse";

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
                        "org.apache.kafka.common.security.plain.PlainLoginModule required user_monitor=\"%s\";"
                                .formatted(PASSWORD)));
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

        try (KafkaConsumer<String, byte[]> consumer = kafka.consumer()) {
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
        Map<String, String> given = new HashMap<>(Map.of(
                "kafka.security.protocol", "SASL_SSL",
                "kafka.sasl.mechanism", "PLAIN",
                "kafka.sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"monitor\" password=\"%s\";"
                                .formatted(password),
                "kafka.ssl.keystore.type", "PEM",
                "kafka.ssl.keystore.location", keys.resolve(key + ".pem").toString(),
                "kafka.ssl.truststore.type", "PEM",
                "kafka.ssl.truststore.location", keys.resolve("broker.crt").toString()));
        var config = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(given, "test", 500))
                .build();
        return new KafkaSettings(
                broker.bootstrapServers(), "monitor-service", Optional.empty(), KafkaSettings.security(config));
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
