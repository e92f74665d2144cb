package dev.slipway.backup.catalogue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.stream.Digest;
import dev.slipway.backup.vault.ManifestSeal;
import dev.slipway.events.EventCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What lies beside an archive, written last: all that is needed to judge and to restore it without this service's
/// database. Where the archive is sealed, so is this, by a signature that only the archive's own key makes.
///
/// @param format of this document, `slipway-backup/1`
/// @param source which database it was, with references where the manifest of the application has them
/// @param checksum SHA-256 of the document without it, its keys sorted and no space between them; lower-case hex; only
///     where there is no signature
/// @param signature HMAC-SHA-256 of the document without it, laid out in the same way; lower-case hex
public record ManifestFile(
        String format,
        UUID backup,
        String application,
        String database,
        @Nullable String source,
        Archive archive,
        @Nullable String checksum,
        @Nullable String signature) {
    public static final String FORMAT = "slipway-backup/1";

    private static final String CHECKSUM = "checksum";
    private static final String SIGNATURE = "signature";
    private static final ObjectMapper JSON = EventCodec.json();
    private static final ObjectMapper SORTED =
            EventCodec.json().copy().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    public static ManifestFile of(UUID backup, DatabaseKey database, @Nullable String source, Archive archive) {
        return new ManifestFile(FORMAT, backup, database.application(), database.name(), source, archive, null, null);
    }

    public DatabaseKey key() {
        return new DatabaseKey(application, database);
    }

    /// The document, signed when there is something to sign it with.
    public byte[] write(@Nullable ManifestSeal seal) {
        try {
            ObjectNode document = JSON.valueToTree(this);
            document.remove(List.of(CHECKSUM, SIGNATURE));
            if (seal == null) {
                document.put(CHECKSUM, sha256(canonical(document)));
            } else {
                document.put(SIGNATURE, seal.sign(canonical(document)));
            }
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(document);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @throws IOException when it is no such document
    public static ManifestFile read(byte[] bytes) throws IOException {
        ManifestFile manifest = JSON.readValue(bytes, ManifestFile.class);
        if (manifest == null) {
            throw new IOException("a manifest that says nothing");
        }
        if (!FORMAT.equals(manifest.format())) {
            throw new IOException("a manifest of an unknown format: " + manifest.format());
        }
        if (manifest.backup() == null || manifest.archive() == null) {
            throw new IOException("a manifest without a backup");
        }
        return manifest;
    }

    /// Whether the document was signed with the key of the archive it tells of.
    public static boolean isSigned(byte[] bytes, ManifestSeal seal) throws IOException {
        if (!(JSON.readTree(bytes) instanceof ObjectNode document) || !document.hasNonNull(SIGNATURE)) {
            return false;
        }
        String signature = document.remove(SIGNATURE).asText();
        return seal.verifies(canonical(document), signature);
    }

    /// Whether an unsigned document is as it was written. Those of older versions of the service do not say.
    public static boolean isWhole(byte[] bytes) throws IOException {
        if (!(JSON.readTree(bytes) instanceof ObjectNode document)) {
            return false;
        }
        JsonNode checksum = document.remove(CHECKSUM);
        return checksum == null || checksum.asText().equals(sha256(canonical(document)));
    }

    private static String sha256(byte[] bytes) {
        Digest digest = new Digest();
        digest.add(bytes, 0, bytes.length);
        return digest.sha256();
    }

    /// The same content has the same bytes, however it was laid out.
    private static byte[] canonical(ObjectNode document) throws JsonProcessingException {
        return SORTED.writeValueAsBytes(SORTED.convertValue(document, TreeMap.class));
    }
}
