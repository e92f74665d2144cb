package dev.slipway.deploy.target;

import dev.slipway.deploy.manifest.Environment;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The targets this service can deploy to.
@Singleton
public final class Targets {
    private final List<TargetType> types;

    public Targets(@All List<TargetType> types) {
        this.types = List.copyOf(types);
    }

    /// Names a manifest may use.
    public Set<String> types() {
        return types.stream().map(TargetType::type).collect(Collectors.toUnmodifiableSet());
    }

    /// @throws IllegalArgumentException when nobody knows the environment's type of target
    public Target of(Environment environment) {
        return types.stream()
                .filter(type -> type.type().equals(environment.target().type()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "nobody knows targets of type " + environment.target().type()))
                .open(environment);
    }
}
