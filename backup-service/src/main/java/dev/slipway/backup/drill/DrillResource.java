package dev.slipway.backup.drill;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.backup.ledger.Backup;
import dev.slipway.backup.ledger.BackupState;
import dev.slipway.backup.ledger.Backups;
import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.proof.DrillReport;
import dev.slipway.web.Caller;
import dev.slipway.web.Page;
import dev.slipway.web.PageRequest;
import dev.slipway.web.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Drills: asks for one, shows what came of them, as JSON or as a page for people.
@Path("/api/v1")
@RunOnVirtualThread
final class DrillResource {
    private final Jdbi jdbi;
    private final Drills drills;
    private final Backups backups;
    private final Caller caller;

    DrillResource(Jdbi jdbi, Drills drills, Backups backups, Caller caller) {
        this.jdbi = jdbi;
        this.drills = drills;
        this.backups = backups;
        this.caller = caller;
    }

    /// @param state `waiting`, `running`, `passed` or `failed`
    /// @param report absent until it is over
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DrillView(
            UUID id,
            UUID backup,
            String application,
            String database,
            String requestedBy,
            Instant requestedAt,
            String state,
            @Nullable DrillReport report) {
        static DrillView of(Drill drill) {
            return of(drill, drill.report());
        }

        /// For lists: without what only one report is looked at for.
        static DrillView summary(Drill drill) {
            DrillReport report = drill.report();
            return of(drill, report == null ? null : report.summary());
        }

        private static DrillView of(Drill drill, @Nullable DrillReport report) {
            return new DrillView(
                    drill.id(),
                    drill.backup(),
                    drill.database().application(),
                    drill.database().name(),
                    drill.by(),
                    drill.requestedAt(),
                    drill.state().label(),
                    report);
        }
    }

    /// Queues a restore into a scratch database. While one of this backup waits or runs, asking again answers that one.
    @POST
    @Path("/backups/{id}/drill")
    @Produces(MediaType.APPLICATION_JSON)
    @RolesAllowed("operator")
    public Response drill(@PathParam("id") UUID id) {
        Drill queued = jdbi.inTransaction(tx -> {
            Backup backup = backups.lock(tx, id).orElseThrow(() -> Problem.notFound("backup", id));
            if (!(backup.state() instanceof BackupState.Completed)) {
                String state = backup.state().phase().label();
                throw Problem.conflict(
                        "not-completed", "Backup %s is %s.".formatted(id, state), Map.of("state", state));
            }
            return drills.queue(tx, backup.id(), backup.database(), caller.name());
        });
        return Response.accepted(DrillView.of(queued))
                .location(URI.create("/api/v1/drills/" + queued.id()))
                .build();
    }

    @GET
    @Path("/drills/{id}")
    @Produces(MediaType.APPLICATION_JSON)
    @RolesAllowed("viewer")
    public DrillView one(@PathParam("id") UUID id) {
        return DrillView.of(find(id));
    }

    /// The same as a page.
    @GET
    @Path("/drills/{id}")
    @Produces("text/html;charset=UTF-8;qs=0.5")
    @RolesAllowed("viewer")
    public Response page(@PathParam("id") UUID id) {
        return Response.ok(DrillPage.of(find(id)).render())
                .header("Content-Security-Policy", DrillPage.POLICY)
                .header("Referrer-Policy", "no-referrer")
                .header("Cache-Control", "no-store")
                .build();
    }

    /// Newest first, those that were part of a backup's own proof among them.
    @GET
    @Path("/applications/{application}/databases/{database}/drills")
    @Produces(MediaType.APPLICATION_JSON)
    @RolesAllowed("viewer")
    public Page<DrillView> list(
            @PathParam("application") String application,
            @PathParam("database") String database,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable String limit) {
        PageRequest page = PageRequest.of(cursor, limit, 2);
        List<Drill> fetched =
                jdbi.withHandle(handle -> drills.list(handle, new DatabaseKey(application, database), page));
        return Page.of(
                        fetched,
                        page,
                        last -> List.of(last.requestedAt().toString(), last.id().toString()))
                .map(DrillView::summary);
    }

    private Drill find(UUID id) {
        return jdbi.withHandle(handle -> drills.find(handle, id)).orElseThrow(() -> Problem.notFound("drill", id));
    }
}
