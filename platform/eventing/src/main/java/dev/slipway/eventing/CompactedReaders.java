package dev.slipway.eventing;

import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Reads every compacted topic that somebody keeps in memory, from the service's start to its end.
@Singleton
@Startup
final class CompactedReaders {
    private final List<CompactedReader> readers;

    CompactedReaders(
            KafkaSettings kafka,
            Clock clock,
            @All List<CompactedReader.Topic> topics,
            @ConfigProperty(name = "slipway.compacted.check") Duration check,
            @ConfigProperty(name = "slipway.pumps.enabled") boolean enabled) {
        readers = enabled
                ? topics.stream()
                        .map(topic -> CompactedReader.start(kafka::reader, topic, clock, check))
                        .toList()
                : List.of();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        for (CompactedReader reader : readers) {
            reader.close();
        }
    }
}
