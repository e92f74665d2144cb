package dev.slipway.deploy.release;

import dev.slipway.deploy.manifest.DeployManifest;
import dev.slipway.deploy.manifest.Environment;
import dev.slipway.manifest.Manifests;
import dev.slipway.manifest.StoredManifest;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The manifest a release was made with, whatever holds now.
@Singleton
public final class ReleaseManifests {
    private final Manifests<DeployManifest> manifests;

    public ReleaseManifests(Manifests<DeployManifest> manifests) {
        this.manifests = manifests;
    }

    public Optional<DeployManifest> find(Handle tx, Release release) {
        return manifests.byHash(tx, release.application(), release.manifest()).map(StoredManifest::sections);
    }

    /// The manifest that holds now.
    public Optional<StoredManifest<DeployManifest>> current(Handle tx, String application) {
        return manifests.current(tx, application);
    }

    /// @throws IllegalStateException when the manifest is not known here, or lacks the release's environment
    public DeployManifest of(Handle tx, Release release) {
        return find(tx, release)
                .orElseThrow(() -> new IllegalStateException("the manifest %s of %s is not known here"
                        .formatted(release.manifest(), release.application())));
    }

    /// The release's environment as that manifest describes it.
    public Environment environment(Handle tx, Release release) {
        return of(tx, release)
                .environment(release.environment())
                .orElseThrow(() -> new IllegalStateException(
                        "the manifest %s has no environment %s".formatted(release.manifest(), release.environment())));
    }
}
