package dev.slipway.trials.chaos;

import dev.slipway.events.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Puts records that lie on the topics there once more: the same key, bytes and headers, late and in
/// another order.
final class Resend {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int PER_PARTITION = 40;
    private static final int ANSWER_SECONDS = 20;

    private final String bootstrapServers;
    private final Journal journal;

    Resend(String bootstrapServers, Journal journal) {
        this.bootstrapServers = bootstrapServers;
        this.journal = journal;
    }

    /// @return how many were sent
    int some(Fault.Resend fault) throws Exception {
        var random = new Random(fault.seed());
        List<ConsumerRecord<byte[], byte[]>> records = someOf(random);
        Collections.shuffle(records, random);
        List<ConsumerRecord<byte[], byte[]>> chosen = records.subList(0, Math.min(fault.records(), records.size()));
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG, 15_000,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (ConsumerRecord<byte[], byte[]> each : chosen) {
                var again =
                        new ProducerRecord<>(each.topic(), each.partition(), each.key(), each.value(), each.headers());
                // Written down first: a send without an answer may have happened.
                journal.write(Journal.line()
                        .put("topic", each.topic())
                        .put("partition", each.partition())
                        .put("offset", each.offset()));
                producer.send(again).get(ANSWER_SECONDS, TimeUnit.SECONDS);
            }
        }
        return chosen.size();
    }

    /// From a place of its own in every partition.
    private List<ConsumerRecord<byte[], byte[]>> someOf(Random random) {
        List<TopicPartition> partitions = Topics.ofEvents().stream()
                .sorted()
                .flatMap(topic ->
                        IntStream.range(0, Topics.PARTITIONS).mapToObj(number -> new TopicPartition(topic, number)))
                .toList();
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        15_000,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        PER_PARTITION),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            for (TopicPartition partition : partitions) {
                long end = ends.get(partition);
                if (end > 0) {
                    consumer.assign(List.of(partition));
                    consumer.seek(partition, random.nextLong(end));
                    consumer.poll(POLL).forEach(records::add);
                }
            }
        }
        return records;
    }
}
