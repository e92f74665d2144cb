package dev.slipway.eventing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Reads one compacted topic for as long as it is open. Every so often it asks the broker where the topic ends: only
/// when it has read up to there, or further, it is current, and a broker that does not answer makes nothing current.
public final class CompactedReader implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(CompactedReader.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration BACK_OFF = Duration.ofSeconds(1);
    private static final Duration STOP = Duration.ofSeconds(5);

    private final Supplier<Consumer<String, byte[]>> consumers;
    private final Topic topic;
    private final Clock clock;
    private final Duration every;
    private final Wake backOff = new Wake();
    private final Thread loop;
    private volatile @Nullable Consumer<String, byte[]> reading;
    private volatile boolean stopping;
    private boolean inTrouble;

    private CompactedReader(Supplier<Consumer<String, byte[]>> consumers, Topic topic, Clock clock, Duration every) {
        this.consumers = consumers;
        this.topic = topic;
        this.clock = clock;
        this.every = every;
        this.loop = Thread.ofPlatform().name("read-" + topic.topic()).daemon().unstarted(this::run);
    }

    /// Starts to read.
    ///
    /// @param consumers make a consumer without a group that starts at the beginning
    /// @param every how often to ask where the topic ends
    public static CompactedReader start(
            Supplier<Consumer<String, byte[]>> consumers, Topic topic, Clock clock, Duration every) {
        CompactedReader reader = new CompactedReader(consumers, topic, clock, every);
        reader.loop.start();
        return reader;
    }

    private void run() {
        while (!stopping) {
            try (Consumer<String, byte[]> consumer = consumers.get()) {
                reading = consumer;
                follow(consumer);
            } catch (WakeupException | InterruptException _) {
                return;
            } catch (RuntimeException e) {
                trouble(e);
                pause();
            } finally {
                reading = null;
            }
        }
    }

    private void follow(Consumer<String, byte[]> consumer) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic.topic(), PATIENCE).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        if (partitions.isEmpty()) {
            throw new KafkaException("there is no topic " + topic.topic());
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        while (!stopping) {
            Instant asOf = clock.instant();
            try {
                readTo(consumer, consumer.endOffsets(partitions, PATIENCE), asOf);
            } catch (TimeoutException e) {
                trouble(e);
            }
        }
    }

    private void readTo(Consumer<String, byte[]> consumer, Map<TopicPartition, Long> ends, Instant asOf) {
        boolean current = false;
        long until = System.nanoTime() + every.toNanos();
        for (long left = every.toNanos(); left > 0 && !stopping; left = until - System.nanoTime()) {
            if (!current && ends.entrySet().stream().allMatch(end -> isReached(consumer, end))) {
                current = true;
                wellAgain();
                topic.current(asOf);
            }
            for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofNanos(left))) {
                take(record);
            }
        }
    }

    private static boolean isReached(Consumer<String, byte[]> consumer, Map.Entry<TopicPartition, Long> end) {
        return consumer.position(end.getKey(), PATIENCE) >= end.getValue();
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        if (record.key() != null) {
            topic.take(record.key(), record.value());
        }
    }

    private void trouble(RuntimeException e) {
        if (!inTrouble && !stopping) {
            LOG.warnf("topic=%s cannot be read for now: %s", topic.topic(), e.toString());
        }
        inTrouble = true;
    }

    private void wellAgain() {
        if (inTrouble) {
            LOG.infof("topic=%s is read again", topic.topic());
        }
        inTrouble = false;
    }

    private void pause() {
        try {
            backOff.await(BACK_OFF);
        } catch (InterruptedException _) {
            stopping = true;
        }
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        backOff.signal();
        Consumer<String, byte[]> consumer = reading;
        if (consumer != null) {
            consumer.wakeup();
        }
        loop.join(STOP);
    }

    /// A compacted topic that a service keeps in memory: a bean that implements this is given everything the topic
    /// holds at every start, each replica for itself, and then what is added. No inbox, no group, no offsets: the
    /// newest record of a key is all that counts, and whoever starts over reads it again.
    ///
    /// The calls come from one thread, and in order per key. They must not fail: what cannot be read is left out.
    public interface Topic {
        /// Its name, such as `slipway.access`.
        String topic();

        /// @param value null takes the key off
        void take(String key, byte @Nullable [] value);

        /// Everything that was on the topic at that moment has been taken.
        void current(Instant asOf);
    }
}
