package dev.slipway.deploy.webhook;

import dev.slipway.deploy.manifest.DeployManifest;
import dev.slipway.manifest.Manifests;
import dev.slipway.manifest.References;
import dev.slipway.manifest.StoredManifest;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The applications' webhooks, each remembered for a second: that is how long a resolved secret is kept,
/// and how long another manifest may not be noticed here. Whoever stores a delivery looks whether the
/// version still holds.
@Singleton
final class Hooks {
    private static final Duration REMEMBERED = Duration.ofSeconds(1);
    private static final int MOST_REMEMBERED = 256;

    private final Manifests<DeployManifest> manifests;
    private final References references;
    private final Map<String, Remembered> remembered = new ConcurrentHashMap<>();

    Hooks(Manifests<DeployManifest> manifests, References references) {
        this.manifests = manifests;
        this.references = references;
    }

    private record Remembered(Hook hook, long since) {
        boolean fresh() {
            return System.nanoTime() - since < REMEMBERED.toNanos();
        }
    }

    /// Without a look into the database; empty when it takes one.
    Optional<Hook> remembered(String application) {
        return Optional.ofNullable(remembered.get(application))
                .filter(Remembered::fresh)
                .map(Remembered::hook);
    }

    /// As it is now. Waits for the database.
    Hook look(String application) {
        Hook hook = Hook.of(manifests.current(application), references);
        // What nobody gave a manifest for is asked for by strangers: it must not push the others out.
        if (hook.version() != null) {
            if (remembered.size() >= MOST_REMEMBERED) {
                remembered.clear();
            }
            remembered.put(application, new Remembered(hook, System.nanoTime()));
        }
        return hook;
    }

    /// As a manifest describes it.
    Hook of(Optional<StoredManifest<DeployManifest>> manifest) {
        return Hook.of(manifest, references);
    }
}
