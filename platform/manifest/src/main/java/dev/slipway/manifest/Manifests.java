package dev.slipway.manifest;

import dev.slipway.web.Fault;
import dev.slipway.web.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// The manifests this service was given: every version, and for each application the one that holds now.
/// Injectable as `Manifests<T>` with the type that the service's [ManifestReader] reads.
public final class Manifests<T> {
    private static final Logger LOG = Logger.getLogger(Manifests.class);
    private static final int MOST_KEPT_READ = 256;

    private final Jdbi jdbi;
    private final Clock clock;
    private final ManifestReader<T> reader;
    private final References references;
    private final Iterable<? extends ManifestListener<T>> listeners;
    private final Map<Version, StoredManifest<T>> read = new ConcurrentHashMap<>();

    /// @param references what a new manifest's references are tried against
    /// @param listeners told of every manifest that becomes the current one
    public Manifests(
            Jdbi jdbi,
            Clock clock,
            ManifestReader<T> reader,
            References references,
            Iterable<? extends ManifestListener<T>> listeners) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.reader = reader;
        this.references = references;
        this.listeners = listeners;
    }

    private record Version(String application, String hash) {}

    /// What putting a manifest came to.
    ///
    /// @param hash its version
    /// @param changed whether it is (or with a dry run would be) another one than before
    /// @param dryRun whether it was only checked
    public record Accepted(String application, String hash, boolean changed, boolean dryRun) {}

    /// The version that holds now.
    public Optional<StoredManifest<T>> current(String application) {
        return jdbi.withHandle(handle -> current(handle, application));
    }

    /// The same inside a transaction.
    public Optional<StoredManifest<T>> current(Handle handle, String application) {
        // A version never changes: once it was read, only its hash is asked for.
        return ManifestRows.currentHash(handle, application).flatMap(hash -> byHash(handle, application, hash));
    }

    /// A certain version, current or not; empty when this service was never given it.
    public Optional<StoredManifest<T>> byHash(String application, String hash) {
        return jdbi.withHandle(handle -> byHash(handle, application, hash));
    }

    /// The same inside a transaction.
    public Optional<StoredManifest<T>> byHash(Handle handle, String application, String hash) {
        StoredManifest<T> known = read.get(new Version(application, hash));
        return known == null ? ManifestRows.byHash(handle, application, hash).map(this::stored) : Optional.of(known);
    }

    /// What was sent, readable or not: the current version, or a certain one.
    Optional<ManifestRows.Row> text(String application, Optional<String> version) {
        return jdbi.withHandle(handle -> version.isEmpty()
                ? ManifestRows.current(handle, application)
                : ManifestRows.byHash(handle, application, version.get()));
    }

    /// The current manifests of all applications, by name. One that an older version of this service
    /// accepted and this one can no longer read is left out and logged.
    public List<StoredManifest<T>> all() {
        return jdbi.withHandle(ManifestRows::allCurrent).stream()
                .flatMap(row -> {
                    try {
                        return Optional.of(stored(row)).stream();
                    } catch (UnreadableManifest e) {
                        LOG.errorf(
                                "event=manifest_unreadable application=%s reason=\"%s\"",
                                row.application(), e.getMessage());
                        return Optional.<StoredManifest<T>>empty().stream();
                    }
                })
                .toList();
    }

    /// Checks a manifest without keeping it.
    ///
    /// @throws Problem 422 with every fault
    public Accepted check(String application, byte[] yaml) {
        String hash = checked(application, yaml).hash();
        Optional<String> current = jdbi.withHandle(handle -> ManifestRows.currentHash(handle, application));
        return new Accepted(application, hash, !current.equals(Optional.of(hash)), true);
    }

    /// Keeps a manifest and makes it the current one; doing so again changes nothing.
    ///
    /// @param by who puts it, for the records
    /// @param onlyIf the version that must be the current one, when the sender cares
    /// @throws Problem 422 with every fault; 412 when another version is the current one
    public Accepted put(String application, byte[] yaml, String by, Optional<String> onlyIf) {
        ManifestCheck.Checked<T> checked = checked(application, yaml);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        String text = new String(yaml, StandardCharsets.UTF_8);
        boolean changed = jdbi.inTransaction(tx -> {
            Optional<String> before = ManifestRows.lockCurrent(tx, application);
            if (onlyIf.isPresent() && !onlyIf.equals(before)) {
                throw Problem.changedMeanwhile("The current manifest is %s.".formatted(before.orElse("none")));
            }
            if (before.equals(Optional.of(checked.hash()))) {
                return false;
            }
            Instant storedAt = ManifestRows.keep(tx, application, checked.hash(), text, now, by);
            ManifestRows.makeCurrent(tx, application, checked.hash(), now);
            StoredManifest<T> manifest =
                    new StoredManifest<>(application, checked.hash(), checked.sections(), text, storedAt);
            listeners.forEach(listener -> listener.accepted(tx, manifest));
            return true;
        });
        if (changed) {
            LOG.infof("event=manifest_accepted application=%s hash=%s by=%s", application, checked.hash(), by);
        }
        return new Accepted(application, checked.hash(), changed, false);
    }

    private ManifestCheck.Checked<T> checked(String application, byte[] yaml) {
        ManifestCheck.Checked<T> checked =
                ManifestCheck.with(reader, references).read(yaml, Optional.of(application));
        if (!checked.faults().isEmpty()) {
            int count = checked.faults().size();
            throw Problem.unprocessable(
                    "The manifest has %s.".formatted(count == 1 ? "a fault" : count + " faults"), checked.faults());
        }
        return checked;
    }

    private StoredManifest<T> stored(ManifestRows.Row row) {
        if (read.size() > MOST_KEPT_READ) {
            read.clear();
        }
        return read.computeIfAbsent(
                new Version(row.application(), row.hash()),
                _ -> new StoredManifest<>(row.application(), row.hash(), sections(row), row.text(), row.storedAt()));
    }

    /// Stored manifests were checked when they came; a reference that leads nowhere by now is found where
    /// it is resolved.
    private T sections(ManifestRows.Row row) {
        ManifestCheck.Checked<T> checked = ManifestCheck.with(reader).read(row.text());
        if (!checked.faults().isEmpty()) {
            Fault first = checked.faults().getFirst();
            throw new UnreadableManifest("the stored manifest %s of %s has %d faults, the first: %s"
                    .formatted(row.hash(), row.application(), checked.faults().size(), first));
        }
        return checked.sections();
    }
}
