package dev.slipway.backup.copies;

import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState.Completed;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.web.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Where a completed backup lies, and where a copy of it is still to be made.
@Path("/api/v1/backups/{id}/copies")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
final class CopiesResource {
    private final Jdbi jdbi;
    private final Backups backups;
    private final MissingCopies copies;
    private final WantCopies want;

    CopiesResource(Jdbi jdbi, Backups backups, MissingCopies copies, WantCopies want) {
        this.jdbi = jdbi;
        this.backups = backups;
        this.copies = copies;
        this.want = want;
    }

    /// @param locations that have it; @param due those that are still to be looked at or to get a copy
    record CopiesView(List<String> locations, List<Due> due) {}

    /// @param tries how often it was tried; @param fault how the last try ended
    record Due(
            String location,
            Instant since,
            int tries,
            @Nullable String fault) {}

    @GET
    @RolesAllowed("viewer")
    public CopiesView copies(@PathParam("id") UUID id) {
        return jdbi.withHandle(handle -> view(handle, known(handle, id)));
    }

    /// Has every copy hashed, and made anew what is missing or damaged.
    @POST
    @Path("/check")
    @RolesAllowed("operator")
    public Response check(@PathParam("id") UUID id) {
        CopiesView due = jdbi.inTransaction(tx -> {
            Backup backup = known(tx, id);
            if (!(backup.state() instanceof Completed completed)) {
                String state = backup.state().phase().label();
                throw Problem.conflict(
                        "not-completed", "Backup %s is %s.".formatted(id, state), Map.of("state", state));
            }
            want.check(tx, backup, completed);
            return view(tx, backup);
        });
        return Response.accepted(due)
                .location(URI.create("/api/v1/backups/%s/copies".formatted(id)))
                .build();
    }

    private CopiesView view(Handle handle, Backup backup) {
        List<String> have = backup.state() instanceof Completed completed
                ? completed.archive().locations()
                : List.of();
        return new CopiesView(
                have,
                copies.of(handle, backup.id()).stream()
                        .map(row -> new Due(row.location(), row.since(), row.tries(), row.fault()))
                        .toList());
    }

    private Backup known(Handle handle, UUID id) {
        return backups.find(handle, id).orElseThrow(() -> Problem.notFound("backup", id));
    }
}
