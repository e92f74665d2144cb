package dev.slipway.eventing;

import jakarta.inject.Singleton;
import java.util.Set;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Not ready while the schema is newer than this program: requests belong to the replicas that know it.
@Readiness
@Singleton
final class SchemaReadiness implements HealthCheck {
    private final SchemaGuard guard;

    SchemaReadiness(SchemaGuard guard) {
        this.guard = guard;
    }

    @Override
    public HealthCheckResponse call() {
        var answer = HealthCheckResponse.named("schema");
        try {
            Set<String> unknown = guard.unknown();
            return unknown.isEmpty()
                    ? answer.up().withData("schema", "known").build()
                    : answer.down()
                            .withData("schema", "newer than this program")
                            .withData("unknown", String.join(", ", unknown))
                            .build();
        } catch (RuntimeException _) {
            // The check of the database says that it is away.
            return answer.up()
                    .withData("schema", "unknown: the database does not answer")
                    .build();
        }
    }
}
