package dev.slipway.access;

import dev.slipway.web.Caller;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.Set;

/// Says who calls.
@Path("/api/v1/who")
public final class WhoResource {
    private final Caller caller;

    WhoResource(Caller caller) {
        this.caller = caller;
    }

    public record Who(String name, String person, Set<String> roles, Set<String> aliases) {}

    @GET
    @RolesAllowed("viewer")
    public Who get() {
        return new Who(caller.name(), caller.person(), caller.roles(), caller.aliases());
    }
}
