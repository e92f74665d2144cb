package dev.slipway.events;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The release an event is about, with what a consumer needs to act without asking back.
///
/// @param id the release
/// @param application name from the manifest
/// @param environment full name, `shop/production`
/// @param number v1, v2 … per environment; absent until the plan starts
/// @param kind `normal`, `emergency`, `rollback` or `adopted`
/// @param version the artifact's version, as the metrics label it
/// @param commit the commit CI built
/// @param artifact package URL with its version
/// @param manifest content hash of the manifest the release was made with (`sha256:…`)
public record ReleaseRef(
        UUID id,
        String application,
        String environment,
        @Nullable Integer number,
        String kind,
        String version,
        String commit,
        String artifact,
        String manifest) {}
