package dev.slipway.deploy.candidate;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An artifact CI called good.
///
/// @param id the `chainId` of everything that follows
/// @param version the artifact's version, as metrics label it
/// @param artifact package URL with its version
/// @param requester who started the CI run, a login at the webhook's sender
/// @param author who wrote the commit, a login or name there
/// @param involved everybody who had a part in it, as aliases spell it: `github:mara-k`, `email:mara@example.org`
/// @param runUrl the CI run, for people
public record Candidate(
        UUID id,
        String application,
        String version,
        String commit,
        String branch,
        String artifact,
        String requester,
        @Nullable String author,
        List<String> involved,
        @Nullable String runUrl,
        Instant acceptedAt) {
    public Candidate {
        requireNonNull(id, "id");
        requireNonNull(acceptedAt, "acceptedAt");
        involved = List.copyOf(involved);
        if (version.isBlank() || artifact.isBlank()) {
            throw new IllegalArgumentException(
                    "a candidate needs a version and an artifact: '%s', '%s'".formatted(version, artifact));
        }
    }
}
