package dev.slipway.web;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// The service takes work when its database answers. The broker is no part of this: what arrives meanwhile waits in
/// the outbox.
@Readiness
@Singleton
final class DatabaseReadiness implements HealthCheck {
    private final DatabaseProbe probe;

    DatabaseReadiness(DatabaseProbe probe) {
        this.probe = probe;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("database").status(probe.answers()).build();
    }
}
