package dev.slipway.manifest;

import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.jdbi.v3.core.Jdbi;

/// The service's one [Manifests], whatever type it is injected with.
@Singleton
final class ManifestBeans {
    private final Manifests<?> manifests;

    @Inject
    @SuppressWarnings("unchecked")
    ManifestBeans(
            Jdbi jdbi,
            Clock clock,
            References references,
            @Any Instance<ManifestReader<?>> readers,
            @Any Instance<ManifestListener<?>> listeners) {
        if (!readers.isResolvable()) {
            throw new IllegalStateException("a service has exactly one ManifestReader bean");
        }
        ManifestReader<Object> reader = (ManifestReader<Object>) readers.get();
        manifests = new Manifests<>(
                jdbi, clock, reader, references, (Iterable<ManifestListener<Object>>) (Iterable<?>) listeners);
    }

    @Produces
    @Dependent
    @SuppressWarnings("unchecked")
    <T> Manifests<T> manifests() {
        return (Manifests<T>) manifests;
    }
}
