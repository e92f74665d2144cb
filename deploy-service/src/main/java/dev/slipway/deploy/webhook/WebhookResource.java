package dev.slipway.deploy.webhook;

import dev.slipway.telemetry.Traces;
import dev.slipway.web.Fault;
import dev.slipway.web.Page;
import dev.slipway.web.PageRequest;
import dev.slipway.web.Problem;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where CI delivers, and the list of what it delivered.
@Path("/api/v1/webhooks")
@Produces(MediaType.APPLICATION_JSON)
final class WebhookResource {
    /// What GitHub sends at most.
    static final int LARGEST_BODY = 25 << 20;

    private final Clock clock;
    private final Bodies bodies;
    private final ReceiveDelivery receiveDelivery;
    private final Deliveries deliveries;

    WebhookResource(Clock clock, Bodies bodies, ReceiveDelivery receiveDelivery, Deliveries deliveries) {
        this.clock = clock;
        this.bodies = bodies;
        this.receiveDelivery = receiveDelivery;
        this.deliveries = deliveries;
    }

    /// A delivery of GitHub. Open to all: its signature says who sends it. Answered when it is on disk.
    @POST
    @Path("github/{application}")
    @PermitAll
    @Consumes(MediaType.WILDCARD)
    @NonBlocking
    public Uni<Response> github(
            @PathParam("application") String application,
            @HeaderParam("X-GitHub-Delivery") @Nullable String delivery,
            @HeaderParam("X-GitHub-Event") @Nullable String event,
            @HeaderParam(GitHubSignature.HEADER) @Nullable String signature,
            @HeaderParam("User-Agent") @Nullable String agent,
            @Context HttpServerRequest request) {
        String deliveryId = Incoming.name("X-GitHub-Delivery", delivery);
        String eventName = Incoming.name("X-GitHub-Event", event);
        String from = String.valueOf(request.remoteAddress().hostAddress());
        String trace = Traces.current();
        return Uni.createFrom()
                .completionStage(bodies.read(
                        request,
                        body -> receiveDelivery.receive(new Incoming(
                                application,
                                deliveryId,
                                eventName,
                                signature,
                                body,
                                clock.instant(),
                                from,
                                agent,
                                trace))))
                .map(told -> Response.accepted(told).build());
    }

    /// What was delivered, the newest first.
    @GET
    @Path("deliveries")
    @RolesAllowed("viewer")
    @RunOnVirtualThread
    public Page<Delivery> deliveries(
            @QueryParam("application") @Nullable String application,
            @QueryParam("verdict") @Nullable String verdict,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable String limit) {
        return deliveries.page(
                Optional.ofNullable(application),
                Optional.ofNullable(verdict).map(WebhookResource::verdict),
                PageRequest.of(cursor, limit, 2));
    }

    private static Verdict verdict(String tag) {
        return Verdict.ofTag(tag).orElseThrow(() -> {
            String message = "must be one of %s, not '%s'".formatted(String.join(", ", Verdict.tags()), tag);
            return Problem.badRequest("verdict " + message, List.of(Fault.at("verdict", message)));
        });
    }
}
