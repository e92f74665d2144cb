package dev.slipway.deploy.traffic;

import dev.slipway.deploy.manifest.Environment;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The routers this service can shift traffic with.
@Singleton
public final class Routers {
    private final List<RouterType> types;

    public Routers(@All List<RouterType> types) {
        this.types = List.copyOf(types);
    }

    /// Names a manifest may use.
    public Set<String> types() {
        return types.stream().map(RouterType::type).collect(Collectors.toUnmodifiableSet());
    }

    /// @throws RouterFailure when the environment has no router, or one of a type nobody knows
    public TrafficRouter of(Environment environment) {
        Environment.RouterSpec spec = environment.router();
        if (spec == null) {
            throw new RouterFailure("the environment " + environment.name() + " has no router", false);
        }
        return types.stream()
                .filter(type -> type.type().equals(spec.type()))
                .findFirst()
                .orElseThrow(() -> new RouterFailure("nobody knows routers of type " + spec.type(), false))
                .open(spec);
    }
}
