package dev.slipway.backup.schedule;

import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.manifest.Databases;
import dev.slipway.backup.schedule.Schedule.Origin;
import dev.slipway.web.Caller;
import dev.slipway.web.Page;
import dev.slipway.web.PageRequest;
import dev.slipway.web.Problem;
import dev.slipway.web.Reasons;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Schedules for people: make, list, change, pause, resume, remove. One that the manifest says is changed in the
/// manifest; it can be paused here.
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
final class ScheduleResource {
    private static final String OF_DATABASE = "/applications/{application}/databases/{database}/schedules";

    private final Jdbi jdbi;
    private final Schedules schedules;
    private final KeepSchedules keep;
    private final Databases databases;
    private final Caller caller;

    ScheduleResource(Jdbi jdbi, Schedules schedules, KeepSchedules keep, Databases databases, Caller caller) {
        this.jdbi = jdbi;
        this.schedules = schedules;
        this.keep = keep;
        this.databases = databases;
        this.caller = caller;
    }

    /// Every schedule, by application, database and name. @param cursor from the page before
    @GET
    @Path("/schedules")
    @RolesAllowed("viewer")
    public Page<ScheduleView> list(
            @QueryParam("application") @Nullable String application,
            @QueryParam("database") @Nullable String database,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable String limit) {
        PageRequest page = PageRequest.of(cursor, limit, 3);
        List<Schedule> fetched = jdbi.withHandle(handle -> schedules.list(handle, application, database, page));
        return Page.of(
                        fetched,
                        page,
                        last -> List.of(
                                last.database().application(),
                                last.database().name(),
                                last.plan().name()))
                .map(ScheduleView::of);
    }

    @GET
    @Path(OF_DATABASE)
    @RolesAllowed("viewer")
    public Page<ScheduleView> ofDatabase(
            @PathParam("application") String application,
            @PathParam("database") String database,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable String limit) {
        known(new DatabaseKey(application, database));
        return list(application, database, cursor, limit);
    }

    @POST
    @Path(OF_DATABASE)
    @RolesAllowed("operator")
    public Response add(
            @PathParam("application") String application, @PathParam("database") String database, PlanWish wish) {
        DatabaseKey key = known(new DatabaseKey(application, database));
        Plan plan = wish.plan(null);
        Schedule added = jdbi.inTransaction(tx -> keep.add(tx, key, plan, Origin.REST, caller.name()))
                .orElseThrow(() -> Problem.conflict(
                        "name-taken", "'%s' has a schedule '%s'.".formatted(key, plan.name()), Map.of()));
        return Response.created(URI.create("/api/v1/applications/%s/databases/%s/schedules/%s"
                        .formatted(application, database, plan.name())))
                .entity(ScheduleView.of(added))
                .tag(tag(added))
                .build();
    }

    @GET
    @Path(OF_DATABASE + "/{name}")
    @RolesAllowed("viewer")
    public Response one(
            @PathParam("application") String application,
            @PathParam("database") String database,
            @PathParam("name") String name) {
        return shown(jdbi.withHandle(handle -> found(handle, new DatabaseKey(application, database), name)));
    }

    /// Gives it another rhythm, zone, grace or proof. @param ifMatch the version that was seen, when the sender cares
    @PUT
    @Path(OF_DATABASE + "/{name}")
    @RolesAllowed("operator")
    public Response change(
            @PathParam("application") String application,
            @PathParam("database") String database,
            @PathParam("name") String name,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            PlanWish wish) {
        Plan plan = wish.plan(name);
        return touch(application, database, name, (tx, seen) -> {
            refuseOthers(seen, ifMatch);
            keep.change(tx, seen, plan, Origin.REST, caller.name());
        });
    }

    @DELETE
    @Path(OF_DATABASE + "/{name}")
    @Consumes(MediaType.WILDCARD)
    @RolesAllowed("operator")
    public void remove(
            @PathParam("application") String application,
            @PathParam("database") String database,
            @PathParam("name") String name,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        jdbi.useTransaction(tx -> {
            Schedule seen = locked(tx, new DatabaseKey(application, database), name);
            refuseOthers(seen, ifMatch);
            keep.remove(tx, seen, caller.name());
        });
    }

    /// @param reason for whoever wonders why nothing happens
    record Why(@Nullable String reason) {}

    @POST
    @Path(OF_DATABASE + "/{name}/pause")
    @RolesAllowed("operator")
    public Response pause(
            @PathParam("application") String application,
            @PathParam("database") String database,
            @PathParam("name") String name,
            Why why) {
        String reason = Reasons.require(why.reason(), "A pause has a reason.");
        return touch(application, database, name, (tx, seen) -> {
            if (seen.pause() == null) {
                keep.pause(tx, seen, reason, caller.name());
            }
        });
    }

    @POST
    @Path(OF_DATABASE + "/{name}/resume")
    @Consumes(MediaType.WILDCARD)
    @RolesAllowed("operator")
    public Response resume(
            @PathParam("application") String application,
            @PathParam("database") String database,
            @PathParam("name") String name) {
        return touch(application, database, name, (tx, seen) -> {
            if (seen.pause() != null) {
                keep.resume(tx, seen, caller.name());
            }
        });
    }

    /// What became of the times it was due, newest first.
    @GET
    @Path(OF_DATABASE + "/{name}/runs")
    @RolesAllowed("viewer")
    public Page<ScheduleView.RunView> runs(
            @PathParam("application") String application,
            @PathParam("database") String database,
            @PathParam("name") String name,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable String limit) {
        PageRequest page = PageRequest.of(cursor, limit, 2);
        UUID id = jdbi.withHandle(handle -> found(handle, new DatabaseKey(application, database), name))
                .id();
        return Page.of(
                        jdbi.withHandle(handle -> schedules.runs(handle, id, page)),
                        page,
                        last -> List.of(
                                last.due().at().toString(), last.due().local().toString()))
                .map(ScheduleView.RunView::of);
    }

    private Response touch(String application, String database, String name, BiConsumer<Handle, Schedule> change) {
        DatabaseKey key = new DatabaseKey(application, database);
        return shown(jdbi.inTransaction(tx -> {
            change.accept(tx, locked(tx, key, name));
            return found(tx, key, name);
        }));
    }

    private DatabaseKey known(DatabaseKey key) {
        if (databases.current(key).isEmpty()) {
            throw Problem.notFound("database", key);
        }
        return key;
    }

    private Schedule found(Handle handle, DatabaseKey key, String name) {
        return schedules.find(handle, key, name).orElseThrow(() -> Problem.notFound("schedule", name));
    }

    private Schedule locked(Handle tx, DatabaseKey key, String name) {
        return schedules.lock(tx, found(tx, key, name).id()).orElseThrow(() -> Problem.notFound("schedule", name));
    }

    private static void refuseOthers(Schedule seen, @Nullable String ifMatch) {
        if (seen.origin() == Origin.MANIFEST) {
            throw Problem.conflict(
                    "managed-by-manifest",
                    "The manifest of '%s' says this schedule: change it there."
                            .formatted(seen.database().application()),
                    Map.of());
        }
        if (ifMatch != null
                && !ifMatch.strip().equals("*")
                && !ifMatch.strip().equals(tag(seen).toString())) {
            throw Problem.changedMeanwhile("The schedule was changed since you saw it.");
        }
    }

    private static Response shown(Schedule schedule) {
        return Response.ok(ScheduleView.of(schedule)).tag(tag(schedule)).build();
    }

    private static EntityTag tag(Schedule schedule) {
        return new EntityTag(Long.toString(schedule.version()));
    }
}
