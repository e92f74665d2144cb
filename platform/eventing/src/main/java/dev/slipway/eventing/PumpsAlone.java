package dev.slipway.eventing;

import io.quarkus.runtime.ShutdownEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/// A service's loops with the defaults' settings and no container around them, for whoever measures the backbone
/// itself. The database has been migrated by the service it belongs to.
public final class PumpsAlone implements AutoCloseable {
    private static final PumpSettings DEFAULTS =
            new PumpSettings(true, Duration.ofMinutes(15), 2, Duration.ofSeconds(15), 8, Duration.ofMillis(500));

    private final Pumps pumps;

    private PumpsAlone(Pumps pumps) {
        this.pumps = pumps;
    }

    /// @param service which consumer of the catalogue this is, and the group it reads in; one that the catalogue does
    /// not know reads nothing and only publishes
    public static PumpsAlone start(
            Jdbi jdbi, Clock clock, String bootstrapServers, String service, List<EventHandler<?>> handlers) {
        Set<String> known = Set.copyOf(jdbi.withHandle(handle -> handle.createQuery(
                        "select version from flyway_schema_history where success and version is not null")
                .mapTo(String.class)
                .list()));
        return new PumpsAlone(new Pumps(
                jdbi,
                clock,
                new KafkaSettings(bootstrapServers, service, Optional.empty()),
                new SchemaGuard(jdbi, clock, known),
                new WorkQueue(clock),
                handlers,
                List.of(),
                service,
                DEFAULTS));
    }

    @Override
    public void close() throws InterruptedException {
        pumps.stop(new ShutdownEvent());
    }
}
