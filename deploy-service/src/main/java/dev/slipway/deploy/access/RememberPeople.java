package dev.slipway.deploy.access;

import dev.slipway.web.Caller;
import io.quarkus.runtime.BlockingOperationControl;
import jakarta.inject.Provider;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import org.jdbi.v3.core.Jdbi;

/// Keeps what whoever calls is called elsewhere. An issuer's token says it with every call, and no other place knows
/// it.
@jakarta.ws.rs.ext.Provider
final class RememberPeople implements ContainerRequestFilter {
    private final Provider<Jdbi> jdbi;
    private final Provider<People> people;
    private final Caller caller;

    /// Filters are made before the configuration is read; what needs it is looked for later.
    RememberPeople(Provider<Jdbi> jdbi, Provider<People> people, Caller caller) {
        this.jdbi = jdbi;
        this.people = people;
        this.caller = caller;
    }

    /// What cannot wait (webhooks) or is open to all has callers without tokens: theirs are not looked at.
    @Override
    public void filter(ContainerRequestContext request) {
        boolean open = !request.getUriInfo().getPath().startsWith("/api/");
        if (open || !BlockingOperationControl.isBlockingAllowed()) {
            return;
        }
        People known = people.get();
        if (known.isNew(caller)) {
            jdbi.get().useTransaction(tx -> known.remember(tx, caller));
        }
    }
}
