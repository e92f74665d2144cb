package dev.slipway.eventing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.events.Catalogue;
import dev.slipway.events.Event;
import dev.slipway.events.EventCodec;
import dev.slipway.events.Topics;
import dev.slipway.events.WatchFinished;
import dev.slipway.testkit.TestDatabase;
import dev.slipway.testkit.TestKafka;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever lies on a topic, over the real broker: it becomes a dead letter with its reason, and what comes right
/// behind it in the same partition is worked off.
class PoisonTest {
    private static final EventingStory STORY = new EventingStory();
    private static final Clock CLOCK = Clock.systemUTC();
    private static final Jdbi JDBI = TestDatabase.fresh("db/eventing").jdbi();
    private static final BlockingQueue<WatchFinished> HANDLED = new LinkedBlockingQueue<>();
    private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();
    private static KafkaProducer<byte[], byte[]> producer;
    private static Pumps pumps;

    @BeforeAll
    static void start() throws Exception {
        Metrics.addRegistry(METERS);
        takeLargeMessages();
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        TestKafka.bootstrapServers(),
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        4_000_000),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        pumps = new Pumps(
                JDBI,
                CLOCK,
                new KafkaSettings(TestKafka.bootstrapServers(), "poison-" + UUID.randomUUID(), Optional.empty()),
                SchemaGuards.knowing(JDBI, CLOCK),
                new WorkQueue(CLOCK),
                List.of(new Handles()),
                List.of(),
                Catalogue.DEPLOY,
                new PumpSettings(true, Duration.ofMinutes(1), 2, Duration.ofSeconds(15), 1, Duration.ofMillis(200)));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        pumps.stop(new ShutdownEvent());
        producer.close();
        Metrics.removeRegistry(METERS);
    }

    static Stream<Arguments> poison() {
        return Stream.of(
                arguments("no JSON", raw("no json"), "the value is not JSON"),
                arguments("half a JSON", raw("{\"context\":"), "the value is not JSON"),
                arguments("nested without end", raw("[".repeat(100_000)), "the value is not JSON"),
                arguments("no object", raw("[1]"), "the value is not a JSON object"),
                arguments("an empty value", raw(""), "the value is not"),
                arguments("a tombstone", record("key", null), "no value (a tombstone)"),
                arguments("no type", json(event -> context(event).remove("type")), "missing context.type"),
                arguments("a number as type", json(event -> context(event).put("type", 7)), "not a text: context.type"),
                arguments("no id", json(event -> context(event).remove("id")), "missing context.id"),
                arguments("a forged id", json(event -> context(event).put("id", "1")), "not a UUID: context.id"),
                arguments("no chain", json(event -> context(event).remove("chainId")), "missing context.chainId"),
                arguments("a forged chain", json(event -> context(event).put("chainId", "a\0b")), "a NUL character"),
                arguments("no data", json(event -> subject(event).remove("content")), "missing subject.content"),
                arguments("data of another kind", json(event -> subject(event).put("content", "x")), "watch.finished"),
                arguments("no release", json(event -> content(event).remove("release")), "missing release"),
                arguments(
                        "a far time", json(event -> context(event).put("timestamp", "+99999-01-01T00:00:00Z")), "time"),
                arguments("another's source", json(event -> context(event).put("source", "/slipway/x")), "is said by"),
                arguments("NUL in the value", json(event -> content(event).put("reason", "a\0b")), "content.reason"),
                arguments("NUL in a header", header("ce_id", "a\0b"), "the header ce_id is"),
                arguments("another type in the header", header("ce_type", "x"), "the header ce_type is 'x'"),
                arguments("NUL in the key", record("a\0b", good("x")), "the key has control characters"),
                arguments("no key", record(null, good("x")), "the record has no key"),
                arguments("a long key", record("k".repeat(3_000), good("x")), "the key has more than 1000 bytes"),
                arguments("another topic", elsewhere(), "belongs on slipway.watch, not on slipway.notices"),
                arguments("two megabytes", record("key", good("x".repeat(2_000_000))), "1048576 at most"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("poison")
    void shouldMakeADeadLetterAndHarmNothingElse(String name, ProducerRecord<byte[], byte[]> poison, String reason)
            throws Exception {
        String behind = name + " " + UUID.randomUUID();

        RecordMetadata place = producer.send(poison).get(30, TimeUnit.SECONDS);
        producer.send(record("key", good(behind)));

        awaitHandled(behind);
        assertThat(await(place)).contains(reason).doesNotContain("\0");
    }

    @Test
    void shouldWorkOffAnEventOfAMegabyte() throws Exception {
        String large = "y".repeat(1_000_000) + UUID.randomUUID();

        producer.send(record("key", good(large))).get(30, TimeUnit.SECONDS);

        awaitHandled(large);
    }

    @Test
    void shouldIgnoreAndCountWhatNobodyKnows() throws Exception {
        String behind = "known " + UUID.randomUUID();
        double types = count(Inbox.PASSED);
        double fields = count(Inbox.UNKNOWN_FIELDS);

        RecordMetadata place = producer.send(
                        json(event -> context(event).put("type", "dev.cdeventsx.slipway-watch.invented.0.1.0")))
                .get(30, TimeUnit.SECONDS);
        producer.send(json(event -> content(event)
                .put("reason", behind)
                .put("mood", "fine")
                .putObject("more")
                .put("deep", 1)));

        awaitHandled(behind);
        assertThat(reasonAt(place)).isEmpty();
        assertThat(count(Inbox.PASSED)).isGreaterThan(types);
        assertThat(count(Inbox.UNKNOWN_FIELDS)).isEqualTo(fields + 2);
    }

    private static double count(String name) {
        return METERS.find(name).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private static void awaitHandled(String reason) throws InterruptedException {
        for (WatchFinished seen = next(); !seen.reason().equals(reason); seen = next()) {
            // the broker is shared with other tests
        }
    }

    private static WatchFinished next() throws InterruptedException {
        WatchFinished seen = HANDLED.poll(30, TimeUnit.SECONDS);
        assertThat(seen).as("what comes behind is worked off").isNotNull();
        return seen;
    }

    /// Another topic is read in its own time.
    private static String await(RecordMetadata place) {
        Optional<String> reason = reasonAt(place);
        for (int turn = 0; reason.isEmpty() && turn < 100; turn++) {
            JDBI.useHandle(handle -> handle.execute("select pg_sleep(0.1)"));
            reason = reasonAt(place);
        }
        return reason.orElseThrow();
    }

    private static Optional<String> reasonAt(RecordMetadata place) {
        return JDBI.withHandle(handle -> handle.createQuery("""
                        select reason from inbox
                        where topic = :topic and "partition" = :partition and "offset" = :offset and state = 'dead'""")
                .bind("topic", place.topic())
                .bind("partition", place.partition())
                .bind("offset", place.offset())
                .mapTo(String.class)
                .findOne());
    }

    private static ObjectNode good(String reason) {
        return EventCodec.toJson(STORY.finished(reason));
    }

    private static ProducerRecord<byte[], byte[]> raw(String value) {
        return new ProducerRecord<>(Topics.WATCH, 0, "key".getBytes(UTF_8), value.getBytes(UTF_8));
    }

    private static ProducerRecord<byte[], byte[]> json(Consumer<ObjectNode> change) {
        ObjectNode event = good("poisoned");
        change.accept(event);
        return record("key", event);
    }

    private static ProducerRecord<byte[], byte[]> header(String name, String value) {
        ProducerRecord<byte[], byte[]> record = record("key", good("poisoned"));
        record.headers().add(name, value.getBytes(UTF_8));
        return record;
    }

    private static ProducerRecord<byte[], byte[]> elsewhere() {
        return new ProducerRecord<>(
                Topics.NOTICES, 0, "key".getBytes(UTF_8), good("x").toString().getBytes(UTF_8));
    }

    private static ProducerRecord<byte[], byte[]> record(String key, ObjectNode event) {
        return new ProducerRecord<>(
                Topics.WATCH,
                0,
                key == null ? null : key.getBytes(UTF_8),
                event == null ? null : event.toString().getBytes(UTF_8));
    }

    private static ObjectNode context(ObjectNode event) {
        return (ObjectNode) event.get("context");
    }

    private static ObjectNode subject(ObjectNode event) {
        return (ObjectNode) event.get("subject");
    }

    private static ObjectNode content(ObjectNode event) {
        return (ObjectNode) subject(event).get("content");
    }

    private static void takeLargeMessages() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestKafka.bootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, Topics.WATCH),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("max.message.bytes", "4000000"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static final class Handles implements EventHandler<WatchFinished> {
        @Override
        public Class<WatchFinished> type() {
            return WatchFinished.class;
        }

        @Override
        public Handled handle(Handle tx, Event<WatchFinished> event) {
            HANDLED.add(event.data());
            return Handled.applied();
        }
    }
}
