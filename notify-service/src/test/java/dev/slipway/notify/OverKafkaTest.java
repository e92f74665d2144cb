package dev.slipway.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.store.FolderException;
import dev.slipway.events.Event;
import dev.slipway.events.EventCodec;
import dev.slipway.events.NoticeDelivered;
import dev.slipway.events.Topics;
import dev.slipway.testkit.RealBackends;
import dev.slipway.testkit.TestKafka;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The service moving by itself: a request comes in over Kafka, its answer goes out over Kafka.
@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@QuarkusTestResource(Receivers.class)
@TestProfile(OverKafkaTest.Moving.class)
class OverKafkaTest {
    private static final int POLLS = 120;

    @Inject
    NotifyStory story;

    @BeforeEach
    void begin() throws FolderException {
        story.begin();
    }

    @Test
    void shouldAnswerARequestThatComesTwiceOnceItsMessagesAreAccepted() throws Exception {
        Samples release = Samples.of(story.manifest());
        UUID request = UUID.randomUUID();
        Event<?> event = release.requested(request, "release-started", Map.of());

        send(release, event);
        send(release, event);

        Event<?> answer = answerTo(request);
        assertThat(answer.source()).isEqualTo("/slipway/notify-service");
        assertThat(answer.subject()).isEqualTo(request.toString());
        assertThat(answer.chainId()).isEqualTo(Samples.CHAIN);
        assertThat(((NoticeDelivered) answer.data()).messages()).hasSize(3);
        assertThat(Receivers.MAIL.received()).hasSize(2);
        assertThat(Receivers.SLACK.posts).hasSize(1);
        assertThat(causes("occasion")).contains("created event /slipway/deploy-service#" + event.id());
        assertThat(causes("notice")).anyMatch(cause -> cause.startsWith("changed timer "));
    }

    private List<String> causes(String kind) {
        return story.jdbi.withHandle(handle -> handle.createQuery(
                        "select change || ' ' || cause || ' ' || origin from audit where kind = :kind")
                .bind("kind", kind)
                .mapTo(String.class)
                .list());
    }

    private static void send(Samples release, Event<?> event) throws Exception {
        byte[] value = EventCodec.toJson(event).toString().getBytes(StandardCharsets.UTF_8);
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(Topics.RELEASES, release.releaseId().toString(), value);
        EventCodec.headers(event)
                .forEach((name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", TestKafka.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(record).get();
        }
    }

    private static Event<?> answerTo(UUID request) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", TestKafka.bootstrapServers(), "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.NOTICES).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            for (int i = 0; i < POLLS; i++) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(500))) {
                    Optional<Event<?>> event = EventCodec.read(record.value());
                    if (event.isPresent() && event.get().subject().equals(request.toString())) {
                        return event.get();
                    }
                }
            }
        }
        throw new AssertionError("no answer came");
    }

    public static final class Moving implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("slipway.pumps.enabled", "true");
        }
    }
}
