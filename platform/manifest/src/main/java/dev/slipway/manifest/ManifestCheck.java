package dev.slipway.manifest;

import static java.util.Objects.requireNonNull;

import dev.slipway.web.Fault;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;

/// Reads a manifest and says everything that is wrong with it. Pure: stores nothing, asks nobody.
public final class ManifestCheck<T> {
    private final ManifestReader<T> reader;
    private final Optional<References> references;

    private ManifestCheck(ManifestReader<T> reader, Optional<References> references) {
        this.reader = reader;
        this.references = references;
    }

    /// A check that takes references as they are.
    public static <T> ManifestCheck<T> with(ManifestReader<T> reader) {
        return new ManifestCheck<>(reader, Optional.empty());
    }

    /// A check that wants every reference in the service's sections to lead somewhere.
    public static <T> ManifestCheck<T> with(ManifestReader<T> reader, References references) {
        return new ManifestCheck<>(reader, Optional.of(references));
    }

    /// What came of it: sections, or faults.
    ///
    /// @param application the name it gives itself; empty when it gives none
    /// @param hash `sha256:` and the digest of the bytes, whether they can be read or not
    /// @param faults in the order of the document
    /// @param found what was read, null when there are faults
    public record Checked<T>(
            String application,
            String hash,
            List<Fault> faults,
            @Nullable T found) {
        public Checked {
            faults = List.copyOf(faults);
        }

        /// @throws IllegalStateException when there are faults
        public T sections() {
            if (!faults.isEmpty()) {
                throw new IllegalStateException("a manifest with faults: " + faults);
            }
            return requireNonNull(found);
        }
    }

    /// Reads the manifest to its end.
    public Checked<T> read(byte[] yaml) {
        return read(yaml, Optional.empty());
    }

    /// The same with a text.
    public Checked<T> read(String yaml) {
        return read(yaml.getBytes(StandardCharsets.UTF_8));
    }

    /// @param expected the application it must be of
    Checked<T> read(byte[] yaml, Optional<String> expected) {
        Faults faults = new Faults();
        Optional<MappingNode> document = Document.read(yaml, faults);
        if (document.isEmpty()) {
            return new Checked<>("", hashOf(yaml), faults.all(), null);
        }
        ManifestNode root = ManifestNode.root(new Reading(faults, references), document.get());
        String application = root.name("application");
        if (expected.isPresent() && !application.isEmpty() && !expected.get().equals(application)) {
            root.fault("application", "must be '%s' like the path it is sent to".formatted(expected.get()));
        }
        T found = root.<@Nullable T>read(node -> reader.read(node, faults), null);
        return new Checked<>(application, hashOf(yaml), faults.all(), faults.isEmpty() ? found : null);
    }

    static String hashOf(byte[] yaml) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(yaml));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
