package dev.slipway.web;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/// Says where the next page is (RFC 8288), relative to the host, which a proxy in front may have renamed.
final class PageLink {
    @ServerResponseFilter
    void link(ContainerRequestContext request, ContainerResponseContext response) {
        if (response.getEntity() instanceof Page<?> page && page.next() != null) {
            response.getHeaders().add(HttpHeaders.LINK, "<%s>; rel=\"next\"".formatted(next(request, page.next())));
        }
    }

    private static String next(ContainerRequestContext request, String cursor) {
        UriInfo uri = request.getUriInfo();
        URI next =
                uri.getRequestUriBuilder().replaceQueryParam("cursor", cursor).build();
        return next.getRawPath() + "?" + next.getRawQuery();
    }
}
