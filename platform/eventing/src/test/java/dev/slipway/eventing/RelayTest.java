package dev.slipway.eventing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.events.Catalogue;
import dev.slipway.events.EventCodec;
import dev.slipway.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;

class RelayTest {
    /// The broker is shared with other tests: this one knows its records by their key.
    private final String key = UUID.randomUUID().toString();

    private final EventingStory story = new EventingStory();
    private final KafkaSettings kafka =
            new KafkaSettings(TestKafka.bootstrapServers(), "relay-test-" + UUID.randomUUID(), Optional.empty());

    @Test
    void shouldCarryAnEventFromOneServiceToAnother() {
        var first = story.finished("first " + UUID.randomUUID());
        var second = story.finished("second " + UUID.randomUUID());
        story.jdbi.useTransaction(tx -> {
            story.outbox.write(tx, key, first);
            story.outbox.write(tx, key, second);
        });

        publish();
        List<ConsumerRecord<String, byte[]>> received = receive(2);

        assertThat(received)
                .extracting(record -> EventCodec.read(record.value()).orElseThrow())
                .isEqualTo(List.of(first, second));
        assertThat(received.getFirst().key()).isEqualTo(key);
        assertThat(new String(
                        received.getFirst().headers().lastHeader("ce_subject").value(),
                        java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("subject");
        assertThat(unpublished()).isZero();
    }

    @Test
    void shouldPublishNothingOfATransactionThatWasRolledBack() {
        story.jdbi.useTransaction(tx -> {
            story.outbox.write(tx, "r1", story.finished("never"));
            tx.rollback();
        });

        assertThat(publish()).isZero();
    }

    @Test
    void shouldPublishWhatWasCommittedLateToo() {
        // given: the row with the lower sequence number commits after the one with the higher
        var late = story.jdbi.open();
        late.begin();
        story.outbox.write(late, "r1", story.finished("low number, late commit"));
        story.jdbi.useTransaction(tx -> story.outbox.write(tx, "r2", story.finished("high number, early commit")));
        publish();
        late.commit();
        late.close();

        assertThat(publish()).isEqualTo(1);
        assertThat(unpublished()).isZero();
    }

    @Test
    void shouldLetOnlyOneRelayWorkPerDatabase() {
        try (var one = story.jdbi.open();
                var two = story.jdbi.open()) {
            Relay relay = new Relay(null, story.clock);

            assertThat(relay.lock(one)).isTrue();
            assertThat(relay.lock(two)).isFalse();
        }
    }

    @Test
    void shouldSubscribeToTheTopicsTheCatalogueNames() {
        assertThat(new Inbox(story.clock, Catalogue.BACKUP).topics()).containsExactly("slipway.releases");
        assertThat(new Inbox(story.clock, Catalogue.DEPLOY).topics())
                .containsExactlyInAnyOrder("slipway.backups", "slipway.watch", "slipway.notices");
    }

    private int publish() {
        try (KafkaProducer<String, byte[]> producer = kafka.producer()) {
            return story.jdbi.withHandle(handle -> new Relay(producer, story.clock).publish(handle));
        }
    }

    private List<ConsumerRecord<String, byte[]>> receive(int count) {
        List<ConsumerRecord<String, byte[]>> received = new ArrayList<>();
        try (var consumer = kafka.consumer()) {
            consumer.subscribe(List.of("slipway.watch"));
            for (int polls = 0; received.size() < count && polls < 40; polls++) {
                for (var record : consumer.poll(Duration.ofMillis(500))) {
                    if (key.equals(record.key())) {
                        received.add(record);
                    }
                }
            }
        }
        return received;
    }

    private int unpublished() {
        return story.jdbi.withHandle(
                handle -> handle.createQuery("select count(*) from outbox where published_at is null")
                        .mapTo(Integer.class)
                        .one());
    }
}
