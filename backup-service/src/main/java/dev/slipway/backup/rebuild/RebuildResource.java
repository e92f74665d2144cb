package dev.slipway.backup.rebuild;

import dev.slipway.eventing.Ids;
import dev.slipway.eventing.WorkQueue;
import dev.slipway.web.Caller;
import dev.slipway.web.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Makes the catalogue anew from the locations, for admins: a dry run unless it is said otherwise.
@Path("/api/v1/catalogue/rebuild")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
final class RebuildResource {
    private final Jdbi jdbi;
    private final Rebuilds rebuilds;
    private final WorkQueue queue;
    private final Caller caller;
    private final Clock clock;

    RebuildResource(Jdbi jdbi, Rebuilds rebuilds, WorkQueue queue, Caller caller, Clock clock) {
        this.jdbi = jdbi;
        this.rebuilds = rebuilds;
        this.queue = queue;
        this.caller = caller;
        this.clock = clock;
    }

    /// @param dryRun `false` takes in what is found; anything else only says what would be
    /// @param unsealed `true` takes in what is not sealed although this service seals its backups
    record Wish(@Nullable Boolean dryRun, @Nullable Boolean unsealed) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed("admin")
    public Response rebuild(Wish wish) {
        boolean dryRun = !Boolean.FALSE.equals(wish.dryRun());
        Rebuild rebuild = new Rebuild(
                Ids.next(clock),
                dryRun,
                Boolean.TRUE.equals(wish.unsealed()),
                caller.name(),
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                null,
                null);
        jdbi.useTransaction(tx -> {
            rebuilds.add(tx, rebuild);
            queue.schedule(tx, RebuildCatalogue.KIND, rebuild.id().toString(), clock.instant());
        });
        return Response.accepted(rebuild)
                .location(URI.create("/api/v1/catalogue/rebuild/" + rebuild.id()))
                .build();
    }

    /// How it ended; without a report while it goes on.
    @GET
    @Path("/{id}")
    @RolesAllowed("admin")
    public Rebuild one(@PathParam("id") UUID id) {
        return jdbi.withHandle(handle -> rebuilds.find(handle, id)).orElseThrow(() -> Problem.notFound("rebuild", id));
    }
}
