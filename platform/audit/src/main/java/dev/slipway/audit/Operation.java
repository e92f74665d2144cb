package dev.slipway.audit;

import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ResourceInfo;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// An operation as the OpenAPI document calls it: `POST /api/v1/tokens/{id}/revoke`.
final class Operation {
    private Operation() {}

    static String of(String method, ResourceInfo resource) {
        Path first = resource.getResourceClass().getAnnotation(Path.class);
        Path second = resource.getResourceMethod().getAnnotation(Path.class);
        String path = Stream.of(first, second)
                .filter(part -> part != null)
                .map(part -> part.value().replaceAll("^/+|/+$", "").replaceAll("\\{\\s*(\\w+)\\s*:[^/]*}", "{$1}"))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("/"));
        return method + " /" + path;
    }
}
