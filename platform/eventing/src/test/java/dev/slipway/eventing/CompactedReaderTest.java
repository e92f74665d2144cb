package dev.slipway.eventing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.events.Topics;
import dev.slipway.testkit.TestClock;
import dev.slipway.testkit.TestKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CompactedReaderTest {
    private static final Duration CHECK = Duration.ofMillis(50);

    /// The broker is shared with other tests: this one knows its records by their key.
    private final String key = UUID.randomUUID().toString();

    private final TestClock clock = TestClock.at("2026-03-01T10:00:00Z");
    private final KafkaSettings kafka =
            new KafkaSettings(TestKafka.bootstrapServers(), "reader-test", Optional.empty());

    @Test
    void shouldTakeWhatIsThereAndThenWhatComes() throws Exception {
        say(key, "before");
        Kept kept = new Kept();
        try (var _ = CompactedReader.start(kafka::reader, kept, clock, CHECK)) {
            assertThat(kept.next(key)).isEqualTo("before");

            say(key, "after");

            assertThat(kept.next(key)).isEqualTo("after");
        }
    }

    @Test
    void shouldHandOnWhatTakesAKeyOff() throws Exception {
        say(key, "something");
        say(key, null);
        Kept kept = new Kept();
        try (var _ = CompactedReader.start(kafka::reader, kept, clock, CHECK)) {
            assertThat(kept.next(key)).isEqualTo("something");
            assertThat(kept.next(key)).isEqualTo("gone");
        }
    }

    @Test
    void shouldCallCurrentOnlyWhatWasReadToItsEnd() throws Exception {
        say(key, "last");
        Kept kept = new Kept();
        try (var _ = CompactedReader.start(kafka::reader, kept, clock, CHECK)) {
            assertThat(kept.awaitCurrent()).isEqualTo(clock.instant());
            assertThat(kept.beforeCurrent).contains("last");
        }
    }

    @Test
    void shouldBeCurrentOfNoLaterMomentWhileTheBrokerIsAway() throws Exception {
        AwayConsumer consumer = new AwayConsumer();
        Kept kept = new Kept();
        try (var _ = CompactedReader.start(() -> consumer, kept, clock, CHECK)) {
            Instant last = kept.awaitCurrent();
            consumer.away = true;
            consumer.awaitAsked();
            kept.current.clear();

            clock.advance(Duration.ofMinutes(1));
            consumer.awaitAsked();

            assertThat(kept.current).isEmpty();
            consumer.away = false;
            assertThat(kept.awaitCurrent()).isAfter(last);
        }
    }

    private void say(String about, @Nullable String what) throws Exception {
        try (KafkaProducer<String, byte[]> producer = kafka.producer()) {
            producer.send(new ProducerRecord<>(Topics.ACCESS, about, what == null ? null : what.getBytes(UTF_8)))
                    .get(10, TimeUnit.SECONDS);
        }
    }

    private static final class Kept implements CompactedReader.Topic {
        private final BlockingQueue<Map.Entry<String, String>> taken = new LinkedBlockingQueue<>();
        private final BlockingQueue<Instant> current = new LinkedBlockingQueue<>();
        private final List<String> all = new ArrayList<>();
        private volatile List<String> beforeCurrent = List.of();

        @Override
        public String topic() {
            return Topics.ACCESS;
        }

        @Override
        public void take(String about, byte @Nullable [] value) {
            String text = value == null ? "gone" : new String(value, UTF_8);
            taken.add(Map.entry(about, text));
            all.add(text);
        }

        @Override
        public void current(Instant asOf) {
            beforeCurrent = List.copyOf(all);
            current.add(asOf);
        }

        String next(String about) throws InterruptedException {
            while (true) {
                Map.Entry<String, String> record = taken.poll(10, TimeUnit.SECONDS);
                assertThat(record).as("the next record of " + about).isNotNull();
                if (record.getKey().equals(about)) {
                    return record.getValue();
                }
            }
        }

        Instant awaitCurrent() throws InterruptedException {
            Instant asOf = current.poll(10, TimeUnit.SECONDS);
            assertThat(asOf).isNotNull();
            return asOf;
        }
    }

    /// Kafka's own consumer for tests, of a topic with nothing on it and a broker that comes and goes.
    private static final class AwayConsumer extends MockConsumer<String, byte[]> {
        private final BlockingQueue<Boolean> asked = new LinkedBlockingQueue<>();
        private volatile boolean away;

        AwayConsumer() {
            super("earliest");
            TopicPartition partition = new TopicPartition(Topics.ACCESS, 0);
            updatePartitions(
                    Topics.ACCESS,
                    List.of(new PartitionInfo(Topics.ACCESS, 0, Node.noNode(), new Node[0], new Node[0])));
            updateBeginningOffsets(Map.of(partition, 0L));
            updateEndOffsets(Map.of(partition, 0L));
        }

        void awaitAsked() throws InterruptedException {
            asked.clear();
            for (int turn = 0; turn < 2; turn++) {
                assertThat(asked.poll(10, TimeUnit.SECONDS)).isNotNull();
            }
        }

        @Override
        public synchronized Map<TopicPartition, Long> endOffsets(
                java.util.Collection<TopicPartition> partitions, Duration timeout) {
            asked.add(away);
            if (away) {
                throw new TimeoutException("nobody answers");
            }
            return super.endOffsets(partitions, timeout);
        }
    }
}
