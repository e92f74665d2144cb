package dev.slipway.notify.notice;

import dev.slipway.notify.audience.Situation;
import dev.slipway.notify.notice.Notices.Filter;
import dev.slipway.web.Fault;
import dev.slipway.web.Page;
import dev.slipway.web.PageRequest;
import dev.slipway.web.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestQuery;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// What was sent to whom, and what became of it.
@Path("/api/v1/notices")
@RunOnVirtualThread
final class NoticesResource {
    private final Notices notices;
    private final Jdbi jdbi;

    NoticesResource(Notices notices, Jdbi jdbi) {
        this.notices = notices;
        this.jdbi = jdbi;
    }

    @GET
    @RolesAllowed("viewer")
    public Page<NoticeView> list(
            @RestQuery @Nullable String release,
            @RestQuery @Nullable String application,
            @RestQuery @Nullable String situation,
            @RestQuery @Nullable String cursor,
            @RestQuery @Nullable String limit) {
        Filter filter = new Filter(uuid(release), application, situation(situation));
        PageRequest page = PageRequest.of(cursor, limit, 2);
        return jdbi.withHandle(handle -> notices.list(handle, filter, page)).map(NoticeView::of);
    }

    private static @Nullable UUID uuid(@Nullable String release) {
        try {
            return release == null ? null : UUID.fromString(release);
        } catch (IllegalArgumentException _) {
            throw bad("release", "is no release's id: '" + release + "'");
        }
    }

    private static @Nullable Situation situation(@Nullable String label) {
        return label == null
                ? null
                : Situation.of(label)
                        .orElseThrow(() ->
                                bad("situation", "is no situation: '" + label + "'; there are " + Situation.labels()));
    }

    private static Problem bad(String parameter, String message) {
        return Problem.badRequest(parameter + " " + message, List.of(Fault.at(parameter, message)));
    }
}
