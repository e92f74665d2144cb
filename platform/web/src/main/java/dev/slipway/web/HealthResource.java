package dev.slipway.web;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jboss.resteasy.reactive.RestResponse;

/// `GET /healthz`, open to all: 200 `{"status":"ok","timestamp":…}`, or 503 with status `unavailable` when the
/// database is gone.
@Path("/healthz")
@PermitAll
final class HealthResource {
    private final DatabaseProbe probe;
    private final Clock clock;

    HealthResource(DatabaseProbe probe, Clock clock) {
        this.probe = probe;
        this.clock = clock;
    }

    record Health(String status, Instant timestamp) {}

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    public RestResponse<Health> health() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return probe.answers()
                ? RestResponse.ok(new Health("ok", now))
                : RestResponse.status(RestResponse.Status.SERVICE_UNAVAILABLE, new Health("unavailable", now));
    }
}
