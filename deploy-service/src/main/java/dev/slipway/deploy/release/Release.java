package dev.slipway.deploy.release;

import dev.slipway.events.ReleaseRef;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One candidate in one environment, as it is stored.
///
/// @param environment short name, `production`
/// @param candidate the `chainId` of everything about it
/// @param kind `normal`, `emergency`, `rollback` or `adopted`
/// @param manifest hash of the manifest it was made with
/// @param number v1, v2 … in its environment; absent until it starts
/// @param revision counts its changes
/// @param target the colour it is deployed to, or `default`; absent until it starts
/// @param previous the release that was current when it started
/// @param schemaVersion of the environment's database, once it was read
/// @param maintenanceSince since when maintenance mode is on for it; absent when it is off
/// @param downtime how long maintenance mode was on, measured; absent when it never was
public record Release(
        UUID id,
        String application,
        String environment,
        UUID candidate,
        String kind,
        String version,
        String commit,
        String artifact,
        String requester,
        @Nullable String author,
        String manifest,
        @Nullable Integer number,
        long revision,
        ReleaseState state,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant settledAt,
        @Nullable String target,
        @Nullable UUID previous,
        @Nullable String schemaVersion,
        @Nullable Instant maintenanceSince,
        @Nullable Duration downtime) {

    /// `shop/production`.
    public String fullEnvironment() {
        return application + "/" + environment;
    }

    /// The release as events name it.
    public ReleaseRef ref() {
        return new ReleaseRef(id, application, fullEnvironment(), number, kind, version, commit, artifact, manifest);
    }
}
