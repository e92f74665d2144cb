package dev.slipway.suite.kafka;

import dev.slipway.events.Topics;
import dev.slipway.suite.SuiteFailure;
import dev.slipway.suite.process.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownMemberIdException;

/// Lets a service read the topics once more from a moment on, after its database was put back to an earlier one. What
/// its inbox holds already it knows by the events' ids.
public final class RewindGroups {
    /// A service that was killed is a member of its group until its session ends.
    private static final Duration EMPTY_WITHIN = Duration.ofSeconds(30);

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final String bootstrapServers;

    public RewindGroups(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /// @param service its name is its group's
    /// @return how many records it will read again
    /// @throws SuiteFailure when the broker does not answer, or the service runs
    public long rewind(String service, Instant to) {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            Map<TopicPartition, OffsetAndMetadata> before = admin.listConsumerGroupOffsets(service)
                    .partitionsToOffsetAndMetadata()
                    .get();
            Map<TopicPartition, OffsetAndMetadata> after = from(admin, to);
            after.keySet().retainAll(before.keySet());
            set(admin, service, after);
            return after.entrySet().stream()
                    .mapToLong(entry -> before.get(entry.getKey()).offset()
                            - entry.getValue().offset())
                    .sum();
        } catch (ExecutionException e) {
            throw new SuiteFailure(
                    "%s cannot be rewound: %s".formatted(service, e.getCause().getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SuiteFailure("interrupted while rewinding " + service, e);
        }
    }

    /// The first record at or after the moment; where there is none, the end.
    private static Map<TopicPartition, OffsetAndMetadata> from(Admin admin, Instant to)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = Topics.ofEvents().stream()
                .flatMap(topic ->
                        IntStream.range(0, Topics.PARTITIONS).mapToObj(number -> new TopicPartition(topic, number)))
                .collect(Collectors.toMap(partition -> partition, _ -> OffsetSpec.forTimestamp(to.toEpochMilli())));
        Map<TopicPartition, ListOffsetsResultInfo> found =
                admin.listOffsets(asked).all().get();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        found.forEach((partition, info) -> {
            if (info.offset() >= 0) {
                offsets.put(partition, new OffsetAndMetadata(info.offset()));
            }
        });
        return offsets;
    }

    private static void set(Admin admin, String service, Map<TopicPartition, OffsetAndMetadata> offsets)
            throws ExecutionException, InterruptedException {
        if (offsets.isEmpty()) {
            return;
        }
        Deadline deadline = Deadline.in(EMPTY_WITHIN);
        while (true) {
            try {
                admin.alterConsumerGroupOffsets(service, offsets).all().get();
                return;
            } catch (ExecutionException e) {
                if (!isStillMember(e.getCause()) || deadline.passed()) {
                    throw e;
                }
                Thread.sleep(LOOK_AGAIN);
            }
        }
    }

    private static boolean isStillMember(Throwable failure) {
        return failure instanceof UnknownMemberIdException || failure instanceof GroupNotEmptyException;
    }
}
