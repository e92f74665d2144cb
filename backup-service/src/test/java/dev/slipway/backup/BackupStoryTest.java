package dev.slipway.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.backup.engine.Access;
import dev.slipway.backup.manifest.BackupManifest;
import dev.slipway.events.BackupFailed;
import dev.slipway.events.BackupRequested;
import dev.slipway.events.BackupVerified;
import dev.slipway.events.Event;
import dev.slipway.events.EventCodec;
import dev.slipway.events.ReleaseRef;
import dev.slipway.events.Topics;
import dev.slipway.manifest.Manifests;
import dev.slipway.testkit.RealBackends;
import dev.slipway.testkit.TestKafka;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The whole service: a request comes in over the real broker, and its answer goes out.
@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@TestProfile(BackupStoryTest.Moving.class)
@Timeout(60)
class BackupStoryTest {
    private static final SourceDatabase SOURCE = SourceDatabase.withOrders(12);

    @Inject
    Manifests<BackupManifest> manifests;

    @Inject
    Clock clock;

    /// The pumps move, and the password the manifest refers to is known.
    public static final class Moving implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("slipway.pumps.enabled", "true", "SLIPWAY_REF_PASSWORD", SourceDatabase.PASSWORD);
        }
    }

    @Test
    void shouldAnswerARequestOverTheBroker() {
        BackupRequested asked = request(putManifest());
        try (var answers = answers()) {
            send(asked);

            Event<?> answer = await(answers, asked.requestId());

            assertThat(answer.source()).isEqualTo("/slipway/backup-service");
            assertThat(answer.data()).isInstanceOfSatisfying(BackupVerified.class, verified -> {
                assertThat(verified.rows()).isEqualTo(14);
                assertThat(verified.proofs())
                        .extracting(BackupVerified.Proof::kind)
                        .containsExactly("readback", "restore");
            });
        }
    }

    private String putManifest() {
        Access access = SOURCE.access();
        String yaml = """
                application: shop
                environments:
                  - name: production
                databases:
                  - name: orders
                    type: postgresql
                    environment: production
                    host: %s
                    port: %d
                    database: %s
                    user: keeper
                    password: ${env:SLIPWAY_REF_PASSWORD}
                    locations: [disk]
                """.formatted(access.host(), access.port(), access.database());
        return manifests
                .put("shop", yaml.getBytes(StandardCharsets.UTF_8), "test", Optional.empty())
                .hash();
    }

    private BackupRequested request(String manifest) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        ReleaseRef release = new ReleaseRef(
                UUID.randomUUID(),
                "shop",
                "shop/production",
                1,
                "normal",
                "abc",
                "abc",
                "pkg:generic/shop@abc",
                manifest);
        return new BackupRequested(
                UUID.randomUUID(),
                release,
                "orders",
                Duration.ofHours(2),
                now,
                1,
                "restore",
                now.plus(Duration.ofMinutes(1)));
    }

    private void send(BackupRequested asked) {
        Event<BackupRequested> event = new Event<>(
                UUID.randomUUID(),
                "/slipway/deploy-service",
                asked.requestId().toString(),
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                UUID.randomUUID(),
                asked);
        try (var producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, TestKafka.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            byte[] value = EventCodec.toJson(event).toString().getBytes(StandardCharsets.UTF_8);
            producer.send(
                    new ProducerRecord<>(Topics.RELEASES, asked.release().id().toString(), value));
        }
    }

    private static KafkaConsumer<String, byte[]> answers() {
        var consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        TestKafka.bootstrapServers(),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.GROUP_ID_CONFIG,
                        "test-" + UUID.randomUUID()),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.subscribe(List.of(Topics.BACKUPS));
        return consumer;
    }

    /// The answer to one request, whatever else is on the shared broker; the test's own time limit ends the waiting.
    private static Event<?> await(KafkaConsumer<String, byte[]> answers, UUID request) {
        return Stream.generate(() -> answers.poll(Duration.ofMillis(200)))
                .flatMap(records -> StreamSupport.stream(records.spliterator(), false))
                .flatMap(record -> EventCodec.read(record.value()).stream())
                .filter(event -> switch (event.data()) {
                    case BackupVerified verified -> request.equals(verified.requestId());
                    case BackupFailed failed -> request.equals(failed.requestId());
                    default -> false;
                })
                .findFirst()
                .orElseThrow();
    }
}
