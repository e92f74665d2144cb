package dev.slipway.monitor.manifest;

import java.util.List;
import java.util.Optional;

/// The sections of a manifest that this service reads.
public record WatchManifest(List<EnvironmentWatch> watches) {
    public WatchManifest {
        watches = List.copyOf(watches);
    }

    /// @param environment its name in the manifest, `production`
    public Optional<EnvironmentWatch> of(String environment) {
        return watches.stream()
                .filter(watch -> watch.environment().equals(environment))
                .findFirst();
    }
}
