package dev.slipway.deploy.release;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A release in a list.
///
/// @param environment short name, `production`
/// @param number v1, v2 … as a number; absent until it starts
/// @param state what its phase is about: why, and what may be done
/// @param downtime how long maintenance mode was on (ISO 8601)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReleaseView(
        UUID id,
        String application,
        String environment,
        @Nullable Integer number,
        String phase,
        PhaseView state,
        String kind,
        UUID candidate,
        String version,
        String commit,
        String artifact,
        String requester,
        @Nullable String author,
        String manifest,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant settledAt,
        @Nullable String target,
        @Nullable UUID previous,
        @Nullable String schemaVersion,
        @Nullable Instant maintenanceSince,
        @Nullable Duration downtime) {

    public static ReleaseView of(Release release) {
        return new ReleaseView(
                release.id(),
                release.application(),
                release.environment(),
                release.number(),
                release.state().phase(),
                PhaseView.of(release.state()),
                release.kind(),
                release.candidate(),
                release.version(),
                release.commit(),
                release.artifact(),
                release.requester(),
                release.author(),
                release.manifest(),
                release.createdAt(),
                release.startedAt(),
                release.settledAt(),
                release.target(),
                release.previous(),
                release.schemaVersion(),
                release.maintenanceSince(),
                release.downtime());
    }
}
