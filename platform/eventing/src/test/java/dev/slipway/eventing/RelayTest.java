package dev.slipway.eventing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.events.Catalogue;
import dev.slipway.events.EventCodec;
import dev.slipway.testkit.TestKafka;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jdbi.v3.core.Jdbi;
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
    void shouldTakeAKeyOffByARecordWithoutValue() {
        story.jdbi.useTransaction(tx -> {
            story.outbox.write(tx, key, story.finished("known"));
            story.outbox.forget(tx, key, story.finished("forgotten"));
        });

        publish();
        List<ConsumerRecord<String, byte[]>> received = receive(2);

        assertThat(received).extracting(ConsumerRecord::key).containsExactly(key, key);
        assertThat(received.getFirst().value()).isNotNull();
        assertThat(received.getLast().value()).isNull();
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
    void shouldLetOnlyOneRelayWorkPerDatabase() throws Exception {
        story.jdbi.useTransaction(tx -> story.outbox.write(tx, "r1", story.finished("once")));
        try (var publishing = new HangingProducer();
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> first = executor.submit(() -> new Relay(publishing, story.clock).publish(story.jdbi));
            publishing.awaitFlush();

            assertThat(publish()).as("while the other one publishes").isZero();

            publishing.wakeUp();
            assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        }
        assertThat(unpublished()).isZero();
    }

    @Test
    void shouldTakeOverFromARelayThatIsFrozenInABatch() throws Exception {
        story.jdbi.useTransaction(tx -> story.outbox.write(tx, "r1", story.finished("frozen")));
        try (var frozen = new HangingProducer();
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> first = executor.submit(() -> new Relay(frozen, story.clock).publish(impatient()));
            frozen.awaitFlush();

            assertThat(publishWhenFree()).isEqualTo(1);

            frozen.wakeUp();
            assertThat(first)
                    .as("the frozen one learns that it has nothing to say any more")
                    .failsWithin(Duration.ofSeconds(10));
        }
        assertThat(unpublished()).isZero();
    }

    @Test
    void shouldAskTheBrokerOnceWhenItIsAway() {
        story.jdbi.useTransaction(tx -> {
            story.outbox.write(tx, "r1", story.finished("first"));
            story.outbox.write(tx, "r1", story.finished("second"));
        });
        try (var away = new AbsentBroker()) {
            assertThatThrownBy(() -> new Relay(away, story.clock).publish(story.jdbi))
                    .isInstanceOf(TemporaryFailure.class)
                    .hasMessageContaining("no metadata");

            assertThat(away.asked).isEqualTo(1);
        }
        assertThat(unpublished()).isEqualTo(2);
    }

    @Test
    void shouldSubscribeToTheTopicsTheCatalogueNames() {
        assertThat(new Inbox(story.clock, Catalogue.BACKUP).topics()).containsExactly("slipway.releases");
        assertThat(new Inbox(story.clock, Catalogue.DEPLOY).topics())
                .containsExactlyInAnyOrder("slipway.backups", "slipway.watch", "slipway.notices");
    }

    private int publish() {
        try (KafkaProducer<String, byte[]> producer = kafka.producer()) {
            return new Relay(producer, story.clock).publish(story.jdbi);
        }
    }

    /// The lock is free when PostgreSQL has ended the frozen one's transaction; asked in short turns until then.
    private int publishWhenFree() {
        int published = 0;
        for (int turn = 0; published == 0 && turn < 100; turn++) {
            story.jdbi.useHandle(handle -> handle.execute("select pg_sleep(0.05)"));
            published = publish();
        }
        return published;
    }

    /// As the service's own connections are, with less patience.
    private Jdbi impatient() {
        Jdbi impatient = story.jdbi;
        return Jdbi.create(() -> {
            Connection connection = impatient.open().getConnection();
            try (Statement set = connection.createStatement()) {
                set.execute("set idle_in_transaction_session_timeout = '200ms'");
            }
            return connection;
        });
    }

    /// Each record asked for waits its time and fails, as a real producer's does.
    private static final class AbsentBroker extends MockProducer<String, byte[]> {
        private int asked;

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<String, byte[]> record) {
            asked++;
            return CompletableFuture.failedFuture(new TimeoutException("no metadata"));
        }
    }

    /// A producer whose process is frozen while it waits for the broker.
    private static final class HangingProducer extends MockProducer<String, byte[]> {
        private final CountDownLatch flushing = new CountDownLatch(1);
        private final CountDownLatch awake = new CountDownLatch(1);

        HangingProducer() {
            super(true, null, new StringSerializer(), new ByteArraySerializer());
        }

        @Override
        public void flush() {
            flushing.countDown();
            try {
                awake.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        void awaitFlush() throws InterruptedException {
            assertThat(flushing.await(10, TimeUnit.SECONDS)).isTrue();
        }

        void wakeUp() {
            awake.countDown();
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
