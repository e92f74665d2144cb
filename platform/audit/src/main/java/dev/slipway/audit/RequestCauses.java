package dev.slipway.audit;

import dev.slipway.web.Caller;
import io.quarkus.arc.Arc;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ResourceInfo;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/// What requests bring about is put down to who sent them; what is refused for want of a right is noted.
@Singleton
final class RequestCauses implements TransactionContext {
    private static final String OPERATION = "slipway.operation";

    private final Caller caller;
    private final CurrentVertxRequest current;
    private final Refusals refusals;

    RequestCauses(Caller caller, CurrentVertxRequest current, Refusals refusals) {
        this.caller = caller;
        this.current = current;
        this.refusals = refusals;
    }

    @ServerRequestFilter
    void begins(ContainerRequestContext request, ResourceInfo resource, RoutingContext routing) {
        routing.put(OPERATION, Operation.of(request.getMethod(), resource));
    }

    @ServerResponseFilter
    void ends(
            ContainerRequestContext request,
            ContainerResponseContext response,
            @Nullable ResourceInfo resource,
            RoutingContext routing) {
        if (response.getStatus() == 403 && resource != null && resource.getResourceMethod() != null) {
            refusals.note(cause(routing, Operation.of(request.getMethod(), resource)));
        }
    }

    @Override
    public Optional<Cause> cause() {
        if (!Arc.container().requestContext().isActive()) {
            return Optional.empty();
        }
        RoutingContext routing = current.getCurrent();
        String operation = routing == null ? null : routing.get(OPERATION);
        return operation == null ? Optional.empty() : Optional.of(cause(routing, operation));
    }

    private Cause cause(RoutingContext routing, String operation) {
        return new Cause(
                "request",
                caller.person(),
                caller.name(),
                routing.request().remoteAddress() == null
                        ? null
                        : routing.request().remoteAddress().hostAddress(),
                routing.request().getHeader("User-Agent"),
                null,
                operation);
    }
}
