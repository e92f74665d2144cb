package dev.slipway.deploy.adopt;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.deploy.release.Release;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What happens in an environment now.
///
/// @param name short name, `production`
/// @param environment full name, `shop/production`
/// @param current what runs in it; absent when nothing was ever completed there
/// @param running the release that holds it; absent when it is free
@JsonInclude(JsonInclude.Include.NON_NULL)
record EnvironmentView(
        String name,
        String environment,
        @Nullable In current,
        @Nullable In running) {

    /// A release in it. @param number v1, v2 … as a number; @param since when it was completed, or started
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record In(
            UUID release,
            @Nullable Integer number,
            String phase,
            String kind,
            String version,
            String commit,
            String artifact,
            @Nullable String target,
            @Nullable Instant since) {

        static In of(Release release) {
            return new In(
                    release.id(),
                    release.number(),
                    release.state().phase(),
                    release.kind(),
                    release.version(),
                    release.commit(),
                    release.artifact(),
                    release.target(),
                    release.settledAt() == null ? release.startedAt() : release.settledAt());
        }
    }
}
