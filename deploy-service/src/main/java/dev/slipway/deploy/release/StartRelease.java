package dev.slipway.deploy.release;

import static java.time.temporal.ChronoUnit.MICROS;

import dev.slipway.deploy.environment.EnvironmentRow;
import dev.slipway.deploy.environment.Environments;
import dev.slipway.deploy.manifest.TargetSpec;
import dev.slipway.deploy.release.ReleaseSignal.GatesAnswered;
import dev.slipway.deploy.release.ReleaseSignal.Started;
import dev.slipway.deploy.release.ReleaseState.WayBack;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Starts a release whose gates are open: takes the environment and a number, and picks the target.
@Singleton
public final class StartRelease {
    private final Releases releases;
    private final Environments environments;
    private final ReleaseManifests manifests;
    private final SignalRelease signals;
    private final Clock clock;

    public StartRelease(
            Releases releases,
            Environments environments,
            ReleaseManifests manifests,
            SignalRelease signals,
            Clock clock) {
        this.releases = releases;
        this.environments = environments;
        this.manifests = manifests;
        this.signals = signals;
        this.clock = clock;
    }

    /// Starts it, or sends it back to the gates when another release was quicker.
    ///
    /// @param environmentGate name of the gate that is closed then
    public Decision start(Handle tx, Release release, String environmentGate) {
        OptionalInt number = environments.take(tx, release.application(), release.environment(), release.id());
        if (number.isEmpty()) {
            return signals.send(tx, release.id(), new GatesAnswered(List.of(environmentGate), null));
        }
        Instant now = clock.instant().truncatedTo(MICROS);
        EnvironmentRow row = environments.find(tx, release.application(), release.environment());
        Optional<Release> previous = Optional.ofNullable(row.current()).flatMap(id -> releases.byId(tx, id));
        String target = idle(
                manifests.environment(tx, release).target(),
                previous.map(Release::target).orElse(null));
        releases.start(tx, release.id(), number.getAsInt(), target, row.current(), now);
        WayBack wayBack = previous.isPresent() ? WayBack.OPEN : WayBack.NONE;
        return signals.send(tx, release.id(), new Started(number.getAsInt(), wayBack));
    }

    /// The colour that takes no traffic now.
    private static String idle(TargetSpec spec, @Nullable String current) {
        return spec.colours().keySet().stream()
                .filter(colour -> !colour.equals(current))
                .findFirst()
                .orElse(TargetSpec.DEFAULT);
    }
}
