package dev.slipway.deploy.traffic;

import dev.slipway.deploy.http.HttpCalls;
import dev.slipway.deploy.manifest.Environment.RouterSpec;
import dev.slipway.manifest.References;
import dev.slipway.manifest.UnresolvedReference;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Routers with the admin calls of [EdgeRouter].
@Singleton
final class EdgeRouterType implements RouterType {
    private final HttpCalls http;
    private final References references;
    private final Duration deadline;

    EdgeRouterType(
            HttpCalls http,
            References references,
            @ConfigProperty(name = "slipway.router.deadline") Duration deadline) {
        this.http = http;
        this.references = references;
        this.deadline = deadline;
    }

    @Override
    public String type() {
        return "edge";
    }

    @Override
    public TrafficRouter open(RouterSpec router) {
        try {
            return new EdgeRouter(http, references.resolve(router.url()), references.resolve(router.token()), deadline);
        } catch (UnresolvedReference e) {
            throw new RouterFailure("the router cannot be reached: " + e.getMessage(), false);
        }
    }
}
