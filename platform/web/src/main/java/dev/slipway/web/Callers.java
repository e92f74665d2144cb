package dev.slipway.web;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;

/// Callers as the security of the endpoints sees them.
public final class Callers {
    static final String ATTRIBUTE = "slipway.caller";

    private Callers() {}

    /// The identity by which an endpoint lets this caller in, and finds it again as [Caller].
    public static SecurityIdentity identityOf(Caller caller) {
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(caller.name()))
                .addRoles(caller.roles())
                .addAttribute(ATTRIBUTE, caller)
                .build();
    }
}
