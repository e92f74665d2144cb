package dev.slipway.deploy.candidate;

import dev.slipway.web.Page;
import dev.slipway.web.PageRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Candidates: every build that was accepted, also one that a newer one passed over before its release was made.
@Path("/api/v1/candidates")
@Produces(MediaType.APPLICATION_JSON)
final class CandidateResource {
    private final Jdbi jdbi;
    private final Candidates candidates;

    CandidateResource(Jdbi jdbi, Candidates candidates) {
        this.jdbi = jdbi;
        this.candidates = candidates;
    }

    /// Candidates, the newest first.
    @GET
    @RolesAllowed("viewer")
    @RunOnVirtualThread
    public Page<CandidateView> list(
            @QueryParam("application") @Nullable String application,
            @QueryParam("commit") @Nullable String commit,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable String limit) {
        PageRequest page = PageRequest.of(cursor, limit, 1);
        List<CandidateView> found = jdbi.withHandle(tx -> candidates.page(tx, application, commit, page));
        return Page.of(found, page, candidate -> List.of(candidate.id().toString()));
    }
}
