package dev.slipway.deploy.access;

import dev.slipway.access.TokenUses;
import dev.slipway.web.Caller;
import dev.slipway.web.Fault;
import dev.slipway.web.Page;
import dev.slipway.web.PageRequest;
import dev.slipway.web.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestResponse;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// The access tokens of people and machines, for all services.
@Path("/api/v1/tokens")
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed("admin")
@RunOnVirtualThread
final class TokenResource {
    private final Jdbi jdbi;
    private final AccessTokens tokens;
    private final IssueToken issue;
    private final RotateToken rotate;
    private final RevokeToken revoke;
    private final TokenUses uses;
    private final Clock clock;
    private final Caller caller;

    TokenResource(
            Jdbi jdbi,
            AccessTokens tokens,
            IssueToken issue,
            RotateToken rotate,
            RevokeToken revoke,
            TokenUses uses,
            Clock clock,
            Caller caller) {
        this.jdbi = jdbi;
        this.tokens = tokens;
        this.issue = issue;
        this.rotate = rotate;
        this.revoke = revoke;
        this.uses = uses;
        this.clock = clock;
        this.caller = caller;
    }

    /// A token with its secret, which is shown this once and kept nowhere.
    /// @param secret what goes behind `Authorization: Bearer`
    public record Shown(TokenView token, String secret) {
        @Override
        public String toString() {
            return "Shown[" + token + "]";
        }
    }

    /// Issues a token.
    @POST
    public RestResponse<Shown> issue(TokenWish wish) {
        IssuedToken issued = jdbi.inTransaction(tx -> issue.issue(tx, wish, caller));
        return shown(RestResponse.Status.CREATED, issued)
                .location(URI.create("/api/v1/tokens/" + issued.token().id()))
                .build();
    }

    /// Every token there is or was, the newest first.
    @GET
    public Page<TokenView> list(
            @QueryParam("person") @Nullable String person,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable String limit) {
        PageRequest page = PageRequest.of(cursor, limit, 2);
        return jdbi.withHandle(tx -> tokens.page(tx, person, page)).map(this::view);
    }

    @GET
    @Path("{id}")
    public TokenView get(@PathParam("id") UUID id) {
        return view(jdbi.withHandle(tx -> tokens.find(tx, id)).orElseThrow(() -> Problem.notFound("token", id)));
    }

    /// @param overlap how long the old secret is valid beside the new one; none when absent, at most seven days
    record Rotation(@Nullable Duration overlap) {}

    /// Gives the token a new secret.
    @POST
    @Path("{id}/rotate")
    public RestResponse<Shown> rotate(@PathParam("id") UUID id, @Nullable Rotation body) {
        Duration overlap = body == null || body.overlap() == null ? Duration.ZERO : body.overlap();
        return shown(RestResponse.Status.OK, jdbi.inTransaction(tx -> rotate.rotate(tx, id, overlap)))
                .build();
    }

    record Revocation(@Nullable String reason) {}

    /// Ends the token at every service; repeating it changes nothing.
    @POST
    @Path("{id}/revoke")
    public TokenView revoke(@PathParam("id") UUID id, @Nullable Revocation body) {
        if (body == null || body.reason() == null || body.reason().isBlank()) {
            throw Problem.unprocessable("Say why.", List.of(Fault.at("reason", "is missing")));
        }
        return view(jdbi.inTransaction(tx -> revoke.revoke(tx, id, body.reason().strip(), caller)));
    }

    private RestResponse.ResponseBuilder<Shown> shown(RestResponse.Status status, IssuedToken issued) {
        return RestResponse.ResponseBuilder.create(status, new Shown(view(issued.token()), issued.secret()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    private TokenView view(AccessToken token) {
        return TokenView.of(token, clock.instant(), uses.last(token.id()));
    }
}
