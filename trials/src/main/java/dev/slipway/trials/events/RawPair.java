package dev.slipway.trials.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.eventing.Ids;
import dev.slipway.events.Catalogue;
import dev.slipway.events.Event;
import dev.slipway.events.EventCodec;
import dev.slipway.events.Topics;
import dev.slipway.suite.SuiteFailure;
import dev.slipway.suite.postgres.Postgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// What people write by hand and get right: a producer that waits for every replica's word, and a consumer that writes
/// what it polled in one transaction and commits its offsets after that. Nothing keeps what is said from being lost
/// before it was sent, or a row from being written twice.
///
/// As the handlers of the services do, it writes for each event on its own; or all rows of a poll go to the database
/// together, which is as quick as it gets and needs effects that are one insert and ask nothing.
final class RawPair implements Way {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final UUID CHAIN = new UUID(0x7000L, 0);
    private static final String SOURCE = "/slipway/" + Catalogue.MONITOR;

    private final Clock clock;
    private final boolean together;
    private final String topic;
    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Connection database;
    private final Thread consuming;
    private volatile Arrivals round = new Arrivals(1);
    private volatile boolean stopping;

    /// @param together whether the rows of a poll are sent together
    RawPair(Postgres server, String bootstrapServers, Clock clock, boolean together) throws Exception {
        this.clock = clock;
        this.together = together;
        this.topic = together ? "bench.together" : "bench.raw";
        createTopic(bootstrapServers);
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        0),
                new StringSerializer(),
                new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.GROUP_ID_CONFIG,
                        "bench-raw",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        database = server.connect(Effects.HEARD_IN);
        database.setAutoCommit(false);
        consuming = Thread.ofPlatform().name(topic).daemon().start(this::consume);
    }

    private void createTopic(String bootstrapServers) throws Exception {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic(topic, Topics.PARTITIONS, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    @Override
    public String name() {
        return together ? "raw, in batches" : "raw pair";
    }

    @Override
    public void begin(Arrivals next) {
        round = next;
    }

    @Override
    public void say(List<Word> words) {
        for (Word word : words) {
            Event<?> event = new Event<>(Ids.next(clock), SOURCE, word.key(), clock.instant(), CHAIN, word.event());
            byte[] value = EventCodec.toJson(event).toString().getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(topic, word.key(), value));
        }
    }

    private void consume() {
        try (consumer) {
            consumer.subscribe(List.of(topic));
            while (!stopping) {
                ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
                if (!records.isEmpty()) {
                    Arrivals now = round;
                    List<Integer> numbers = write(records);
                    numbers.forEach(now::add);
                    consumer.commitSync();
                }
            }
        } catch (SQLException | IOException e) {
            throw new SuiteFailure("the raw consumer ended: " + e.getMessage(), e);
        }
    }

    private List<Integer> write(ConsumerRecords<String, byte[]> records) throws SQLException, IOException {
        List<Integer> numbers = new ArrayList<>(records.count());
        try (PreparedStatement insert = database.prepareStatement(Effects.INSERT)) {
            for (ConsumerRecord<String, byte[]> record : records) {
                JsonNode event = JSON.readTree(record.value());
                int number =
                        Integer.parseInt(event.at("/subject/content/reason").textValue());
                insert.setObject(1, UUID.fromString(event.at("/context/id").textValue()));
                insert.setInt(2, number);
                if (together) {
                    insert.addBatch();
                } else {
                    insert.executeUpdate();
                }
                numbers.add(number);
            }
            if (together) {
                insert.executeBatch();
            }
        }
        database.commit();
        return numbers;
    }

    @Override
    public void close() throws InterruptedException, SQLException {
        stopping = true;
        consuming.join(Duration.ofSeconds(10));
        producer.close(Duration.ofSeconds(5));
        database.close();
    }
}
