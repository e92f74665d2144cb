package dev.slipway.demo.topics;

import dev.slipway.events.Topics;
import dev.slipway.suite.process.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// Reads everything the services said to one another, from the first record to the last one there is now. Belongs to no
/// consumer group: the services notice nothing of it.
public final class TopicReader {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(200);

    private final String bootstrapServers;

    public TopicReader(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /// @return in the order of topics, partitions and offsets
    /// @throws IllegalStateException when the broker does not give everything in time
    public List<Heard> readAll() {
        List<TopicPartition> partitions = Topics.ofEvents().stream()
                .flatMap(topic ->
                        IntStream.range(0, Topics.PARTITIONS).mapToObj(number -> new TopicPartition(topic, number)))
                .toList();
        Map<TopicPartition, List<Heard>> heard = new HashMap<>();
        try (var consumer = new KafkaConsumer<>(settings(), new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            var deadline = Deadline.in(LIMIT);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                if (deadline.passed()) {
                    throw new IllegalStateException("the topics could not be read to their end in " + LIMIT);
                }
                for (ConsumerRecord<String, byte[]> each : consumer.poll(POLL)) {
                    heard.computeIfAbsent(new TopicPartition(each.topic(), each.partition()), _ -> new ArrayList<>())
                            .add(heard(each));
                }
            }
        }
        return partitions.stream()
                .flatMap(partition -> heard.getOrDefault(partition, List.of()).stream())
                .toList();
    }

    private Map<String, Object> settings() {
        return Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest");
    }

    private static Heard heard(ConsumerRecord<String, byte[]> each) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : each.headers()) {
            headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
        }
        return new Heard(each.topic(), each.partition(), each.offset(), each.key(), headers, each.value());
    }
}
