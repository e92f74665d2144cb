package dev.slipway.web;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// Makes an identity of a token, and a [Caller] of the identity.
@Singleton
final class TokenIdentities implements IdentityProvider<TokenAuthenticationRequest> {
    private static final String CALLER = "slipway.caller";

    private final Tokens tokens;

    TokenIdentities(Tokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public Class<TokenAuthenticationRequest> getRequestType() {
        return TokenAuthenticationRequest.class;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(
            TokenAuthenticationRequest request, AuthenticationRequestContext context) {
        return tokens.callerWith(request.getToken().getToken())
                .map(caller -> Uni.createFrom().item(identityOf(caller)))
                .orElseGet(() -> Uni.createFrom().failure(new AuthenticationFailedException()));
    }

    private static SecurityIdentity identityOf(Caller caller) {
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(caller.name()))
                .addRoles(caller.roles())
                .addAttribute(CALLER, caller)
                .build();
    }

    @Produces
    @RequestScoped
    static Caller caller(SecurityIdentity identity) {
        Caller caller = identity.getAttribute(CALLER);
        return caller == null ? Caller.NOBODY : caller;
    }
}
