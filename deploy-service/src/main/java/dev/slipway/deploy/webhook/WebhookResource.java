package dev.slipway.deploy.webhook;

import dev.slipway.web.BoundedBody;
import dev.slipway.web.Page;
import dev.slipway.web.PageRequest;
import dev.slipway.web.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
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
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where CI delivers, and the list of what it delivered.
@Path("/api/v1/webhooks")
@Produces(MediaType.APPLICATION_JSON)
final class WebhookResource {
    /// What GitHub sends at most.
    static final int LARGEST_BODY = 25 << 20;

    private final ReceiveDelivery receiveDelivery;
    private final Deliveries deliveries;
    private final LargeBodies largeBodies;

    WebhookResource(ReceiveDelivery receiveDelivery, Deliveries deliveries, LargeBodies largeBodies) {
        this.receiveDelivery = receiveDelivery;
        this.deliveries = deliveries;
        this.largeBodies = largeBodies;
    }

    /// A delivery of GitHub. Open to all: its signature says who sends it.
    @POST
    @Path("github/{application}")
    @PermitAll
    @Consumes(MediaType.WILDCARD)
    @RunOnVirtualThread
    public Response github(
            @PathParam("application") String application,
            @HeaderParam("X-GitHub-Delivery") @Nullable String delivery,
            @HeaderParam("X-GitHub-Event") @Nullable String event,
            @HeaderParam(GitHubSignature.HEADER) @Nullable String signature,
            @HeaderParam(HttpHeaders.CONTENT_LENGTH) @Nullable Long length,
            InputStream body) {
        String deliveryId = given("X-GitHub-Delivery", delivery);
        String eventName = given("X-GitHub-Event", event);
        String signed = given(GitHubSignature.HEADER, signature);
        Optional<Delivery> taken = largeBodies.oneAtATime(length, () -> {
            byte[] bytes = BoundedBody.read(body, LARGEST_BODY);
            return receiveDelivery.fromGitHub(new Incoming(application, deliveryId, eventName, signed, bytes));
        });
        return Response.accepted(taken.orElseThrow(() -> Problem.unauthorized(
                        "wrong-signature", "The delivery's signature was not made with this webhook's secret.")))
                .build();
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
        return Verdict.ofTag(tag)
                .orElseThrow(() -> Problem.badRequest(
                        "verdict must be one of %s, not '%s'".formatted(String.join(", ", Verdict.tags()), tag)));
    }

    private static String given(String header, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw Problem.badRequest("The header %s is missing.".formatted(header));
        }
        return value;
    }
}
