package dev.slipway.monitor.watch;

import dev.slipway.events.ReleaseRef;
import dev.slipway.monitor.evidence.History;
import dev.slipway.monitor.manifest.WatchSettings;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A release as its watch knows it.
///
/// @param environment full name, `shop/production`
/// @param version the candidate's, as the metrics label it
/// @param measure absent before the first traffic step
/// @param ended absent while the release goes on
record WatchedRelease(
        UUID id,
        String application,
        String environment,
        String version,
        String artifact,
        UUID chainId,
        Optional<Measure> measure,
        Optional<End> ended) {

    /// A release of which nothing is known yet but its name.
    static WatchedRelease of(ReleaseRef ref, UUID chainId) {
        return new WatchedRelease(
                ref.id(),
                ref.application(),
                ref.environment(),
                ref.version(),
                ref.artifact(),
                chainId,
                Optional.empty(),
                Optional.empty());
    }

    /// What all its steps are measured by, fixed by the first of them.
    ///
    /// @param previousVersion whose history it is; absent where nobody knows what ran before
    record Measure(WatchSettings settings, @Nullable String previousVersion, History history) {}

    record End(Instant at, String reason) {}
}
