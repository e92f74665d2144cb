package dev.slipway.deploy.release;

import static java.time.temporal.ChronoUnit.MICROS;

import dev.slipway.web.Problem;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/// The only way a release changes its state: load it locked, decide, store the next state, follow it up and write down
/// what came and what became of it. All of that is the caller's one transaction.
@Singleton
public final class SignalRelease {
    private static final Logger LOG = Logger.getLogger(SignalRelease.class);

    private final Releases releases;
    private final History history;
    private final Consequences consequences;
    private final Clock clock;

    public SignalRelease(Releases releases, History history, Consequences consequences, Clock clock) {
        this.releases = releases;
        this.history = history;
        this.consequences = consequences;
        this.clock = clock;
    }

    /// @throws Problem 404 when there is no such release
    public Decision send(Handle tx, UUID id, ReleaseSignal signal) {
        Instant now = clock.instant().truncatedTo(MICROS);
        Release release = releases.lock(tx, id).orElseThrow(() -> Problem.notFound("release", id));
        Decision decision = ReleaseRules.decide(release.state(), signal, now);
        history.add(tx, release, signal, decision, now);
        if (decision instanceof Decision.Move move && !move.next().equals(release.state())) {
            releases.move(tx, release, move.next(), now);
            consequences.follow(tx, release, signal, move.next(), now);
            LOG.infof(
                    "release=%s application=%s environment=%s phase=%s from=%s signal=%s why=\"%s\"",
                    id,
                    release.application(),
                    release.environment(),
                    move.next().phase(),
                    release.state().phase(),
                    signal.getClass().getSimpleName(),
                    move.why());
        }
        return decision;
    }
}
