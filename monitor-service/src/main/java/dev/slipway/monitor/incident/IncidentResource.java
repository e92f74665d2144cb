package dev.slipway.monitor.incident;

import dev.slipway.web.Fault;
import dev.slipway.web.Page;
import dev.slipway.web.PageRequest;
import dev.slipway.web.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// `GET /api/v1/incidents?application=&state=`: newest first, paged.
@Path("/api/v1/incidents")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed("viewer")
public final class IncidentResource {
    private static final List<String> STATES = List.of("open", "acknowledged", "resolved");

    private final Jdbi jdbi;
    private final IncidentStore store = new IncidentStore();

    IncidentResource(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @GET
    @RunOnVirtualThread
    public Page<Incident> list(
            @QueryParam("application") @Nullable String application,
            @QueryParam("state") @Nullable String state,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable String limit) {
        if (state != null && !STATES.contains(state)) {
            String message = "must be one of %s, not '%s'".formatted(String.join(", ", STATES), state);
            throw Problem.badRequest("state " + message, List.of(Fault.at("state", message)));
        }
        PageRequest page = PageRequest.of(cursor, limit, 2);
        List<Incident> found = jdbi.withHandle(
                handle -> store.list(handle, Optional.ofNullable(application), Optional.ofNullable(state), page));
        return Page.of(
                found,
                page,
                incident ->
                        List.of(incident.openedAt().toString(), incident.id().toString()));
    }
}
