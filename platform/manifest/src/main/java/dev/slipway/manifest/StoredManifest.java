package dev.slipway.manifest;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/// One version of an application's manifest.
///
/// @param application its name
/// @param hash `sha256:` and the hexadecimal digest of the bytes: the version, the same at every service
/// @param sections what this service reads in it; references in it are unresolved
/// @param text the YAML as it was sent
/// @param storedAt when this version was first accepted here
public record StoredManifest<T>(String application, String hash, T sections, String text, Instant storedAt) {
    public StoredManifest {
        requireNonNull(application, "application");
        requireNonNull(hash, "hash");
        requireNonNull(sections, "sections");
        requireNonNull(text, "text");
        requireNonNull(storedAt, "storedAt");
    }
}
