package dev.slipway.monitor.manifest;

import dev.slipway.manifest.Manifests;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Finds out how an environment is watched.
@Singleton
public final class WatchedEnvironments {
    private final Manifests<WatchManifest> manifests;

    public WatchedEnvironments(Manifests<WatchManifest> manifests) {
        this.manifests = manifests;
    }

    /// By the application's current manifest.
    ///
    /// @param environment full name, `shop/production`
    public Optional<EnvironmentWatch> current(String environment) {
        return manifests
                .current(application(environment))
                .flatMap(found -> found.sections().of(name(environment)));
    }

    /// By a certain version of the manifest; empty when this service was never given it or it doesn't watch the
    /// environment.
    public Optional<EnvironmentWatch> byHash(Handle tx, String environment, String hash) {
        return manifests
                .byHash(tx, application(environment), hash)
                .flatMap(found -> found.sections().of(name(environment)));
    }

    private static String application(String environment) {
        return environment.substring(0, Math.max(0, environment.indexOf('/')));
    }

    private static String name(String environment) {
        return environment.substring(environment.indexOf('/') + 1);
    }
}
