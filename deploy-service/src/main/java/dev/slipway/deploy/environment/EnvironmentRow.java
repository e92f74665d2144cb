package dev.slipway.deploy.environment;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What happens in an environment now.
///
/// @param running the release that holds it
/// @param current the release that was completed in it last
/// @param lastNumber of the releases in it; 0 when none has started
public record EnvironmentRow(
        String application,
        String name,
        @Nullable UUID running,
        @Nullable UUID current,
        int lastNumber) {}
