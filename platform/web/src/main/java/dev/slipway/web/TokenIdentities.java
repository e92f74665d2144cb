package dev.slipway.web;

import io.quarkus.arc.All;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.BaseAuthenticationRequest;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/// Makes an identity of a token, and a [Caller] of the identity.
@Singleton
final class TokenIdentities implements IdentityProvider<TokenIdentities.Presented> {
    private final Tokens configured;
    private final List<TokenSource> sources;

    TokenIdentities(Tokens configured, @All List<TokenSource> sources) {
        this.configured = configured;
        this.sources = sources;
    }

    /// A token as somebody showed it.
    static final class Presented extends BaseAuthenticationRequest {
        private final String token;

        Presented(String token) {
            this.token = token;
        }
    }

    @Override
    public Class<Presented> getRequestType() {
        return Presented.class;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(Presented request, AuthenticationRequestContext context) {
        try {
            return callerWith(request.token)
                    .map(caller -> Uni.createFrom().item(Callers.identityOf(caller)))
                    .orElseGet(() -> Uni.createFrom().failure(new AuthenticationFailedException()));
        } catch (Problem problem) {
            return Uni.createFrom().failure(problem);
        }
    }

    private Optional<Caller> callerWith(String token) {
        Optional<Caller> caller = configured.callerWith(token);
        for (TokenSource source : sources) {
            caller = caller.or(() -> source.callerWith(token));
        }
        return caller;
    }

    @Produces
    @RequestScoped
    static Caller caller(SecurityIdentity identity) {
        Caller caller = identity.getAttribute(Callers.ATTRIBUTE);
        return caller == null ? Caller.NOBODY : caller;
    }
}
