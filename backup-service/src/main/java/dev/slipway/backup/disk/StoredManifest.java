package dev.slipway.backup.disk;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.backup.ledger.Archive;
import dev.slipway.events.EventCodec;
import java.io.IOException;
import java.util.UUID;

/// What lies beside an archive, so that it can be understood without this service's database.
///
/// @param format of this document, `slipway-backup/1`
record StoredManifest(String format, UUID backup, String application, String database, Archive archive) {
    static final String FORMAT = "slipway-backup/1";

    private static final ObjectMapper JSON = EventCodec.json();

    byte[] write() throws IOException {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
    }

    static StoredManifest read(byte[] bytes) throws IOException {
        StoredManifest manifest = JSON.readValue(bytes, StoredManifest.class);
        if (!FORMAT.equals(manifest.format())) {
            throw new IOException("a manifest of an unknown format: " + manifest.format());
        }
        return manifest;
    }
}
