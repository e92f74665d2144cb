package dev.slipway.deploy.gate;

import dev.slipway.deploy.environment.Environments;
import dev.slipway.deploy.manifest.Environment;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.release.Releases;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Nothing else is being released into the environment. Whoever frees it has the gates asked again.
@Singleton
final class EnvironmentGate implements Gate {
    static final String NAME = "environment";

    private final Environments environments;
    private final Releases releases;

    EnvironmentGate(Environments environments, Releases releases) {
        this.environments = environments;
        this.releases = releases;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean guards(Environment environment) {
        return true;
    }

    @Override
    public Verdict ask(Handle tx, Question question) {
        Release release = question.release();
        UUID running = environments
                .find(tx, release.application(), release.environment())
                .running();
        if (running == null) {
            return new Verdict.Open("nothing else is being released into it");
        }
        String who = Optional.of(running)
                .flatMap(id -> releases.byId(tx, id))
                .map(other -> "v" + other.number() + " (" + other.version() + ")")
                .orElse("another release");
        return new Verdict.Hold(null, who + " is being released into it");
    }
}
