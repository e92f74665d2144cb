package dev.slipway.access;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Set;

/// What the claims of an issuer's tokens mean here. A claim inside another is written as a path: `realm_access/roles`.
@ConfigMapping(prefix = "slipway.oidc")
interface OidcConfig {
    /// The claim that names the person. It must be one that people cannot change themselves.
    @WithDefault("preferred_username")
    String personClaim();

    /// The claim with the groups or roles that are granted something here.
    @WithDefault("groups")
    String roleClaim();

    /// What each of them is granted; whoever has none of them may do nothing.
    List<Grant> grants();

    /// Further names of the person, besides a verified e-mail address.
    List<Alias> aliases();

    /// One value of the role claim.
    interface Grant {
        String value();

        /// `viewer`, `operator`, `admin`, `ci`, `approver:<role>`, separated by commas.
        Set<String> roles();
    }

    /// One claim with a name at another place.
    interface Alias {
        /// `github`, `gitlab`, `slack`.
        String kind();

        String claim();
    }
}
