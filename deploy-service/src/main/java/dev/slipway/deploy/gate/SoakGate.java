package dev.slipway.deploy.gate;

import dev.slipway.deploy.manifest.Environment;
import dev.slipway.deploy.release.Outcome;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.release.ReleaseState.Settled;
import dev.slipway.deploy.release.Releases;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The same artifact was completed in the environment before, and has been there for the time the manifest asks for.
@Singleton
final class SoakGate implements Gate {
    private final Releases releases;

    SoakGate(Releases releases) {
        this.releases = releases;
    }

    @Override
    public String name() {
        return "soak";
    }

    @Override
    public boolean guards(Environment environment) {
        return environment.gates().soak() != null;
    }

    @Override
    public Verdict ask(Handle tx, Question question) {
        Optional<Environment> before =
                question.manifest().before(question.environment().name());
        if (before.isEmpty()) {
            return new Verdict.Open("there is no environment before this one");
        }
        String upstream = before.get().name();
        return releases.ofCandidate(tx, question.release().candidate(), upstream)
                .filter(release -> release.artifact().equals(question.release().artifact()))
                .filter(release -> release.state() instanceof Settled settled && settled.outcome() == Outcome.COMPLETED)
                .map(release -> soaked(question, upstream, release))
                .orElseGet(() -> new Verdict.Deny("this artifact was not completed in " + upstream));
    }

    private static Verdict soaked(Question question, String upstream, Release release) {
        Duration soak = question.environment().gates().soak();
        Instant over = release.settledAt().plus(soak);
        return question.now().isBefore(over)
                ? new Verdict.Hold(over, "soaks in %s since %s".formatted(upstream, release.settledAt()))
                : new Verdict.Open(
                        "completed in %s at %s, soaked for %s".formatted(upstream, release.settledAt(), soak));
    }
}
