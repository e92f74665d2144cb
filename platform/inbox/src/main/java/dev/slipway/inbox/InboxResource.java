package dev.slipway.inbox;

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

/// `GET /api/v1/inbox?state=&outcome=&type=&key=&chain=`: what came in, newest first, and what became of it. What was
/// ignored or refused says why.
@Path("/api/v1/inbox")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed("viewer")
final class InboxResource {
    private final Jdbi jdbi;

    InboxResource(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @GET
    @RunOnVirtualThread
    public Page<InboxEvent> list(
            @QueryParam("state") @Nullable String state,
            @QueryParam("outcome") @Nullable String outcome,
            @QueryParam("type") @Nullable String type,
            @QueryParam("key") @Nullable String key,
            @QueryParam("chain") @Nullable String chain,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable String limit) {
        InboxFilter filter = InboxFilter.of(state, outcome, type, key, chain);
        PageRequest page = PageRequest.of(cursor, limit, 1);
        List<InboxEvent> found = jdbi.withHandle(handle -> InboxEvent.list(handle, filter, page));
        return Page.of(found, page, event -> List.of(event.id()));
    }
}
