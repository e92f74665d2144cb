package dev.slipway.eventing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.events.Catalogue;
import dev.slipway.events.EventCodec;
import dev.slipway.events.Topics;
import dev.slipway.events.WatchFinished;
import dev.slipway.testkit.TestKafka;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        try (var executor = Executors.newVirtualThreadPerTaskExecutor();
                var publishing = new HangingProducer()) {
            Future<Integer> first = executor.submit(() -> new Relay(() -> publishing, story.clock).publish(story.jdbi));
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
        try (var executor = Executors.newVirtualThreadPerTaskExecutor();
                var frozen = new HangingProducer()) {
            Future<Integer> first = executor.submit(() -> new Relay(() -> frozen, story.clock).publish(impatient()));
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
            assertThatThrownBy(() -> new Relay(() -> away, story.clock).publish(story.jdbi))
                    .isInstanceOf(TemporaryFailure.class)
                    .hasMessageContaining("no metadata");

            assertThat(away.asked).isEqualTo(1);
        }
        assertThat(unpublished()).isEqualTo(2);
    }

    /// As a replica that stays behind does, while the newer one writes what it does not know.
    @Test
    void shouldPublishATypeThatOnlyANewerProgramKnows() throws Exception {
        UUID id = UUID.randomUUID();
        story.jdbi.useTransaction(tx -> {
            insert(tx, id, Topics.WATCH, "dev.cdeventsx.slipway-watch.invented.0.1.0", "{\"news\": [1, true]}");
            story.outbox.write(tx, key, story.finished("behind it"));
        });

        publish();
        List<ConsumerRecord<String, byte[]>> received = receive(2);

        JsonNode event = EventCodec.json().readTree(received.getFirst().value());
        assertThat(event.at("/context/id").textValue()).isEqualTo(id.toString());
        assertThat(event.at("/context/type").textValue()).isEqualTo("dev.cdeventsx.slipway-watch.invented.0.1.0");
        assertThat(event.at("/subject/content/news/1").booleanValue()).isTrue();
        assertThat(EventCodec.read(received.getFirst().value())).isEmpty();
        assertThat(received.getLast().value()).asString().contains("behind it");
    }

    @ParameterizedTest
    @CsvSource({"3000000, too large for the producer", "30000, too large for the topic"})
    void shouldSetAsideWhatTheBrokerNeverTakesAndGoOn(int size, String reason) throws Exception {
        String narrow = topicWithSmallMessages();
        UUID large = UUID.randomUUID();
        story.jdbi.useTransaction(tx -> {
            story.outbox.write(tx, key, story.finished("before " + reason));
            String data = "{\"text\": \"%s\"}".formatted("x".repeat(size));
            insert(tx, large, narrow, Catalogue.of(WatchFinished.class).type(), data);
            story.outbox.write(tx, key, story.finished("after " + reason));
        });

        for (int turn = 0; turn < 3; turn++) {
            publish();
        }

        assertThat(receive(2))
                .extracting(
                        record -> EventCodec.read(record.value()).orElseThrow().data())
                .extracting(data -> ((WatchFinished) data).reason())
                .containsExactly("before " + reason, "after " + reason);
        assertThat(texts("select event_id from outbox where set_aside_at is not null"))
                .containsExactly(large.toString());
        assertThat(texts("select fault from outbox where set_aside_at is not null"))
                .singleElement()
                .asString()
                .containsIgnoringCase("larger than");
        assertThat(texts("select seq from outbox where published_at is null and set_aside_at is null"))
                .isEmpty();
    }

    @Test
    void shouldLetNothingLeaveBehindAnEventThatTheBrokerDidNotTake() throws Exception {
        story.jdbi.useTransaction(tx -> {
            story.outbox.write(tx, "r1", story.finished("first"));
            story.outbox.write(tx, "r1", story.finished("second"));
        });
        try (var executor = Executors.newVirtualThreadPerTaskExecutor();
                var failing = new HangingProducer(false)) {
            Future<Integer> publishing =
                    executor.submit(() -> new Relay(() -> failing, story.clock).publish(story.jdbi));
            failing.awaitFlush();

            failing.errorNext(new TimeoutException("delivery takes too long"));

            assertThat(failing.closed()).as("before the second has left").isTrue();
            failing.wakeUp();
            assertThat(publishing).failsWithin(Duration.ofSeconds(40));
        }
        assertThat(unpublished()).isEqualTo(2);
    }

    /// It was taken all the same: to be sent again behind the one that was not.
    @Test
    void shouldSendAgainWhatOvertookAnEventThatTheBrokerDidNotTake() {
        story.jdbi.useTransaction(tx -> {
            story.outbox.write(tx, "r1", story.finished("first"));
            story.outbox.write(tx, "r1", story.finished("second"));
        });
        try (var overtaking = new OvertakingProducer()) {
            assertThatThrownBy(() -> new Relay(() -> overtaking, story.clock).publish(story.jdbi))
                    .isInstanceOf(TemporaryFailure.class)
                    .hasMessageContaining("delivery takes too long");
        }
        assertThat(unpublished()).isEqualTo(2);
    }

    @Test
    void shouldCarryTextsThatNoDatabaseTakes() {
        story.jdbi.useTransaction(tx -> story.outbox.write(tx, key, story.finished("zero \0, C:\\u0000 and \\\0")));

        publish();

        assertThat(receive(1))
                .extracting(
                        record -> EventCodec.read(record.value()).orElseThrow().data())
                .extracting(data -> ((WatchFinished) data).reason())
                .containsExactly("zero \ufffd, C:\\u0000 and \\\ufffd");
    }

    private void insert(Handle tx, UUID id, String topic, String type, String data) {
        tx.createUpdate("""
                        insert into outbox (event_id, topic, key, type, source, subject, time, chain_id, data, created_at)
                        values (:id, :topic, :key, :type, '/slipway/monitor-service', 'subject', now(),
                                gen_random_uuid(), cast(:data as jsonb), now())""")
                .bind("id", id)
                .bind("topic", topic)
                .bind("key", key)
                .bind("type", type)
                .bind("data", data)
                .execute();
    }

    private static String topicWithSmallMessages() throws Exception {
        String name = "narrow-" + UUID.randomUUID();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestKafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1).configs(Map.of("max.message.bytes", "20000"))))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        return name;
    }

    private List<String> texts(String query) {
        return story.jdbi.withHandle(
                handle -> handle.createQuery(query).mapTo(String.class).list());
    }

    @Test
    void shouldSubscribeToTheTopicsTheCatalogueNames() {
        assertThat(new Inbox(story.clock, Catalogue.BACKUP).topics()).containsExactly("slipway.releases");
        assertThat(new Inbox(story.clock, Catalogue.DEPLOY).topics())
                .containsExactlyInAnyOrder("slipway.backups", "slipway.watch", "slipway.notices");
    }

    private int publish() {
        try (Relay relay = new Relay(kafka::producer, story.clock)) {
            return relay.publish(story.jdbi);
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
        public synchronized Future<RecordMetadata> send(ProducerRecord<String, byte[]> record, Callback callback) {
            asked++;
            return CompletableFuture.failedFuture(new TimeoutException("no metadata"));
        }
    }

    /// A producer whose process is frozen while it waits for the broker.
    private static final class HangingProducer extends MockProducer<String, byte[]> {
        private final CountDownLatch flushing = new CountDownLatch(1);
        private final CountDownLatch awake = new CountDownLatch(1);

        HangingProducer() {
            this(true);
        }

        /// @param takes whether the broker takes each record at once
        HangingProducer(boolean takes) {
            super(takes, null, new StringSerializer(), new ByteArraySerializer());
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

        /// A test that fails leaves nobody hanging.
        @Override
        public void close(Duration timeout) {
            wakeUp();
            super.close(timeout);
        }
    }

    /// Has all taken but the first.
    private static final class OvertakingProducer extends MockProducer<String, byte[]> {
        private final List<CompletableFuture<RecordMetadata>> answers = new ArrayList<>();

        OvertakingProducer() {
            super(false, null, new StringSerializer(), new ByteArraySerializer());
        }

        @Override
        public Future<RecordMetadata> send(ProducerRecord<String, byte[]> event, Callback callback) {
            answers.add(new CompletableFuture<>());
            return answers.getLast();
        }

        @Override
        public void flush() {
            RecordMetadata taken = new RecordMetadata(new TopicPartition("slipway.watch", 0), 0, 0, 0, 0, 0);
            answers.stream().skip(1).forEach(answer -> answer.complete(taken));
            answers.getFirst().completeExceptionally(new TimeoutException("delivery takes too long"));
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
