package dev.slipway.backup;

import dev.slipway.backup.inventory.SearchLocation;
import dev.slipway.backup.manifest.BackupManifest;
import dev.slipway.manifest.ManifestListener;
import dev.slipway.manifest.Manifests;
import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/// Lets this version of the service do what it reads in manifests that an older version accepted.
@Singleton
final class AtStart {
    private static final Logger LOG = Logger.getLogger(AtStart.class);

    private final Jdbi jdbi;
    private final Manifests<BackupManifest> manifests;
    private final List<ManifestListener<BackupManifest>> listeners;
    private final SearchLocation search;

    AtStart(
            Jdbi jdbi,
            Manifests<BackupManifest> manifests,
            @All List<ManifestListener<BackupManifest>> listeners,
            SearchLocation search) {
        this.jdbi = jdbi;
        this.manifests = manifests;
        this.listeners = listeners;
        this.search = search;
    }

    void search(@Observes StartupEvent event) {
        try {
            search.begin();
        } catch (RuntimeException e) {
            LOG.error("the search of the locations could not be made due", e);
        }
    }

    void follow(@Observes StartupEvent event) {
        try {
            manifests
                    .all()
                    .forEach(manifest ->
                            jdbi.useTransaction(tx -> listeners.forEach(listener -> listener.accepted(tx, manifest))));
        } catch (RuntimeException e) {
            LOG.error("the manifests that are here could not be followed", e);
        }
    }
}
