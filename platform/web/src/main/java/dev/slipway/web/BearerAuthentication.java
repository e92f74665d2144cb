package dev.slipway.web;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpCredentialTransport;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Takes the token out of `Authorization: Bearer …`. A request without that header calls as nobody; one whose header
/// is anything else is refused rather than let in as nobody. Where an issuer of signed tokens (OIDC) is configured,
/// those that look like its are left to it.
@Singleton
final class BearerAuthentication implements HttpAuthenticationMechanism {
    static final String CHALLENGE = "Bearer realm=\"slipway\"";
    private static final String SCHEME = "Bearer ";

    /// Header, claims and signature, as a JWT is written; the header begins with `{"`.
    private static final Pattern SIGNED = Pattern.compile("eyJ[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]*");

    private final boolean issuerConfigured;

    BearerAuthentication(
            @ConfigProperty(name = "quarkus.oidc.tenant-enabled", defaultValue = "false") boolean issuerConfigured) {
        this.issuerConfigured = issuerConfigured;
    }

    /// Before all others: what is not left to them never reaches them.
    @Override
    public int getPriority() {
        return 10 * DEFAULT_PRIORITY;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager identities) {
        String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null) {
            return Uni.createFrom().nullItem();
        }
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Uni.createFrom().failure(new AuthenticationFailedException());
        }
        String token = header.substring(SCHEME.length()).strip();
        if (issuerConfigured && SIGNED.matcher(token).matches()) {
            return Uni.createFrom().nullItem();
        }
        return identities.authenticate(new TokenIdentities.Presented(token));
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", CHALLENGE));
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of(TokenIdentities.Presented.class);
    }

    @Override
    public Uni<HttpCredentialTransport> getCredentialTransport(RoutingContext context) {
        return Uni.createFrom().item(new HttpCredentialTransport(HttpCredentialTransport.Type.AUTHORIZATION, "bearer"));
    }
}
