package dev.slipway.monitor.watch;

import dev.slipway.web.Fault;
import dev.slipway.web.Page;
import dev.slipway.web.PageRequest;
import dev.slipway.web.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// `GET /api/v1/watches/{release}?step=&cursor=&limit=`: where the watch of a release stands and how it came
/// there. The history of checks is paged, newest first, and can be narrowed to one step.
@Path("/api/v1/watches/{release}")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed("viewer")
public final class WatchResource {
    private final Jdbi jdbi;
    private final WatchStore store;
    private final WatchLog log;

    WatchResource(Jdbi jdbi, WatchStore store, WatchLog log) {
        this.jdbi = jdbi;
        this.store = store;
        this.log = log;
    }

    @GET
    @RunOnVirtualThread
    public WatchView get(
            @PathParam("release") UUID id,
            @QueryParam("step") @Nullable String step,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable String limit) {
        PageRequest page = PageRequest.of(cursor, limit, 1);
        Optional<UUID> only = Optional.ofNullable(step).map(WatchResource::step);
        return jdbi.withHandle(handle -> view(handle, id, only, page));
    }

    private static UUID step(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException _) {
            String message = "is no step's id: '" + text + "'";
            throw Problem.badRequest("step " + message, List.of(Fault.at("step", message)));
        }
    }

    private WatchView view(Handle handle, UUID id, Optional<UUID> step, PageRequest page) {
        WatchedRelease release = store.release(handle, id).orElseThrow(() -> Problem.notFound("watch of release", id));
        List<Watch> watches = store.watches(handle, id);
        Optional<Check> latest = watches.isEmpty()
                ? Optional.empty()
                : log.checks(handle, id, Optional.of(watches.getLast().step()), Optional.empty(), 1).stream()
                        .findFirst();
        Optional<Long> before = page.first() ? Optional.empty() : Optional.of(page.after(0, Long::valueOf));
        List<Check> checks = log.checks(handle, id, step, before, page.fetch());
        return WatchView.of(
                release, watches, latest, Page.of(checks, page, check -> List.of(Long.toString(check.seq()))));
    }
}
