package dev.slipway.backup.watchdog;

import dev.slipway.web.Page;
import dev.slipway.web.PageRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// What is wrong with backups now, and what to do about it: empty is good.
@Path("/api/v1/troubles")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
final class TroubleResource {
    private final Jdbi jdbi;
    private final Troubles troubles;

    TroubleResource(Jdbi jdbi, Troubles troubles) {
        this.jdbi = jdbi;
        this.troubles = troubles;
    }

    /// @param kind what [Trouble.Kind] names, in lower case
    /// @param subject the schedule it is about; empty when it is about the database
    record TroubleView(
            String application,
            String database,
            String kind,
            String subject,
            String environment,
            Instant since,
            String reason,
            String nextAct) {
        static TroubleView of(Trouble trouble) {
            return new TroubleView(
                    trouble.database().application(),
                    trouble.database().name(),
                    trouble.kind().label(),
                    trouble.subject(),
                    trouble.environment(),
                    trouble.since(),
                    trouble.reason(),
                    trouble.nextAct());
        }
    }

    @GET
    @RolesAllowed("viewer")
    public Page<TroubleView> list(
            @QueryParam("application") @Nullable String application,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable String limit) {
        PageRequest page = PageRequest.of(cursor, limit, 4);
        List<Trouble> fetched = jdbi.withHandle(handle -> troubles.list(handle, application, page));
        return Page.of(
                        fetched,
                        page,
                        last -> List.of(
                                last.database().application(),
                                last.database().name(),
                                last.kind().label(),
                                last.subject()))
                .map(TroubleView::of);
    }
}
