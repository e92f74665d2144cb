package dev.slipway.deploy.candidate;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A candidate as people see it.
///
/// @param passedOverBy the newer candidate that came before this one's first release was made: this one gets none
public record CandidateView(
        UUID id,
        String application,
        String version,
        String commit,
        String branch,
        String artifact,
        String requester,
        @Nullable String author,
        @Nullable String runUrl,
        Instant acceptedAt,
        @Nullable UUID passedOverBy) {
    static CandidateView of(Candidate candidate, @Nullable UUID passedOverBy) {
        return new CandidateView(
                candidate.id(),
                candidate.application(),
                candidate.version(),
                candidate.commit(),
                candidate.branch(),
                candidate.artifact(),
                candidate.requester(),
                candidate.author(),
                candidate.runUrl(),
                candidate.acceptedAt(),
                passedOverBy);
    }
}
