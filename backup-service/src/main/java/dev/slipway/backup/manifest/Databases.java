package dev.slipway.backup.manifest;

import dev.slipway.backup.engine.Access;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.manifest.BackupManifest.Database;
import dev.slipway.manifest.Manifests;
import dev.slipway.manifest.References;
import dev.slipway.manifest.StoredManifest;
import dev.slipway.manifest.UnresolvedReference;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// The databases of the manifests this service was given.
@Singleton
public final class Databases {
    private final Manifests<BackupManifest> manifests;
    private final References references;

    public Databases(Manifests<BackupManifest> manifests, References references) {
        this.manifests = manifests;
        this.references = references;
    }

    /// A database and the version of the manifest it was found in.
    public record Known(String manifest, Database database) {}

    /// As the manifest has it that holds now.
    public Optional<Known> current(DatabaseKey key) {
        return manifests.current(key.application()).flatMap(manifest -> find(manifest, key));
    }

    /// The same inside a transaction.
    public Optional<Known> current(Handle handle, DatabaseKey key) {
        return manifests.current(handle, key.application()).flatMap(manifest -> find(manifest, key));
    }

    /// Full name of the environment whose data it holds, `shop/production`; empty when no manifest has it now.
    public Optional<String> environment(Handle handle, DatabaseKey key) {
        return current(handle, key)
                .map(known -> key.application() + "/" + known.database().environment());
    }

    /// Every database of every manifest that holds now.
    public Map<DatabaseKey, Known> all() {
        Map<DatabaseKey, Known> all = new LinkedHashMap<>();
        manifests
                .all()
                .forEach(manifest -> manifest.sections()
                        .databases()
                        .forEach(database -> all.put(
                                new DatabaseKey(manifest.application(), database.name()),
                                new Known(manifest.hash(), database))));
        return all;
    }

    /// The applications whose current manifest can be read.
    public Set<String> applications() {
        return manifests.all().stream().map(StoredManifest::application).collect(Collectors.toSet());
    }

    /// Whether this service was given that version of the manifest.
    public boolean knows(String application, String manifest) {
        return manifests.byHash(application, manifest).isPresent();
    }

    /// As a certain version of the manifest has it.
    public Optional<Known> in(DatabaseKey key, String manifest) {
        return manifests.byHash(key.application(), manifest).flatMap(stored -> find(stored, key));
    }

    /// How to reach it, with every reference resolved: not to be kept.
    ///
    /// @throws BackupFault `secret-missing`, with the name of the reference
    public Access access(Database database) throws BackupFault {
        try {
            String port = references.resolve(database.port());
            return new Access(
                    database.type(),
                    references.resolve(database.host()),
                    Integer.parseInt(port.strip()),
                    references.resolve(database.database()),
                    references.resolve(database.user()),
                    references.resolve(database.password()));
        } catch (UnresolvedReference e) {
            throw new BackupFault(FailureReason.SECRET_MISSING, e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new BackupFault(
                    FailureReason.UNKNOWN_DATABASE,
                    "the manifest does not say how to reach '%s': %s".formatted(database.name(), e.getMessage()),
                    e);
        }
    }

    private static Optional<Known> find(StoredManifest<BackupManifest> manifest, DatabaseKey key) {
        return manifest.sections().database(key.name()).map(database -> new Known(manifest.hash(), database));
    }
}
