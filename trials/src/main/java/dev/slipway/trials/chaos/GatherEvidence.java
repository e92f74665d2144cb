package dev.slipway.trials.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.demo.site.ShopDatabases;
import dev.slipway.events.Catalogue;
import dev.slipway.events.Topics;
import dev.slipway.suite.process.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
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

/// Writes down what there is to see from outside: the topics, the lists a person can have over REST, the
/// scripts' log, the shop's database. Judges nothing.
final class GatherEvidence {
    private static final Duration POLL = Duration.ofMillis(300);
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private final Ground ground;
    private final List<String> applications;
    private final Rest rest;

    GatherEvidence(Ground ground, List<String> applications) {
        this.ground = ground;
        this.applications = List.copyOf(applications);
        this.rest = ground.rest();
    }

    void gather() throws IOException, SQLException {
        topics();
        releases();
        list("candidates.jsonl", Catalogue.DEPLOY, "/api/v1/candidates");
        list("deliveries.jsonl", Catalogue.DEPLOY, "/api/v1/webhooks/deliveries");
        list("notices.jsonl", Catalogue.NOTIFY, "/api/v1/notices");
        list("backups.jsonl", Catalogue.BACKUP, "/api/v1/backups");
        environments();
        if (Files.exists(ground.lab().effects())) {
            Files.copy(ground.lab().effects(), ground.evidence("effects.log"), StandardCopyOption.REPLACE_EXISTING);
        }
        shop();
        parts();
    }

    private void list(String file, String service, String path) throws IOException {
        try (var journal = new Journal(ground.evidence(file))) {
            rest.list(service, path).forEach(item -> journal.write((ObjectNode) item));
        }
    }

    /// Each with its plan.
    private void releases() throws IOException {
        try (var journal = new Journal(ground.evidence("releases.jsonl"))) {
            for (JsonNode item : rest.list(Catalogue.DEPLOY, "/api/v1/releases")) {
                String path = "/api/v1/releases/" + item.path("id").asText();
                journal.write((ObjectNode) rest.readPatiently(Catalogue.DEPLOY, path));
            }
        }
    }

    /// What deploy-service says runs in the lab's environments, beside what is really there.
    private void environments() throws IOException {
        try (var journal = new Journal(ground.evidence("environments.jsonl"))) {
            for (String application : applications) {
                String path = "/api/v1/applications/%s/environments".formatted(application);
                for (JsonNode item : rest.readPatiently(Catalogue.DEPLOY, path).path("items")) {
                    String name = item.path("name").asText();
                    ObjectNode line = ((ObjectNode) item).deepCopy();
                    line.put("installed", ground.lab().installed(application, name));
                    journal.write(line);
                }
            }
        }
    }

    private void shop() throws IOException, SQLException {
        // First what customers were told: they go on ordering meanwhile.
        long confirmed = ground.load().record().seen().placed();
        ShopDatabases.Look look = ground.shopDatabase();
        ObjectNode shop = Journal.line().put("ordersConfirmed", confirmed).put("ordersInDatabase", look.ofCustomers());
        Files.writeString(ground.evidence("shop.json"), shop.toString());
    }

    private void parts() throws IOException {
        try (var journal = new Journal(ground.evidence("processes.jsonl"))) {
            for (String name : ground.suite().processes()) {
                var process = ground.suite().service(name);
                journal.write(Journal.line()
                        .put("process", name)
                        .put("state", process.state().getClass().getSimpleName())
                        .put("restarts", process.restarts()));
            }
        }
    }

    private void topics() throws IOException {
        try (var journal = new Journal(ground.evidence("records.jsonl"));
                var consumer = new KafkaConsumer<>(
                        Map.<String, Object>of(
                                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                ground.suite().bootstrapServers(),
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                false),
                        new StringDeserializer(),
                        new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = Topics.ofEvents().stream()
                    .flatMap(topic ->
                            IntStream.range(0, Topics.PARTITIONS).mapToObj(number -> new TopicPartition(topic, number)))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Deadline deadline = Deadline.in(LIMIT);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                if (deadline.passed()) {
                    throw new IOException("the topics could not be read to their end in " + LIMIT);
                }
                consumer.poll(POLL).forEach(record -> journal.write(line(record)));
            }
        }
    }

    private static ObjectNode line(ConsumerRecord<String, byte[]> record) {
        ObjectNode line = Journal.line()
                .put("topic", record.topic())
                .put("partition", record.partition())
                .put("offset", record.offset())
                .put("key", record.key());
        ObjectNode headers = line.putObject("headers");
        for (Header header : record.headers()) {
            headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
        }
        return line.put("value", record.value() == null ? null : new String(record.value(), StandardCharsets.UTF_8));
    }
}
