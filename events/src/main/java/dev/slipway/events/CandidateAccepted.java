package dev.slipway.events;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// CI called a build good and deploy-service took it as a candidate.
///
/// @param requester who started the CI run, a GitHub login
/// @param author who wrote the commit, a GitHub login or name
public record CandidateAccepted(
        UUID candidate,
        String application,
        String commit,
        String branch,
        String artifact,
        String requester,
        @Nullable String author,
        @Nullable String runUrl)
        implements EventData.Custom {}
