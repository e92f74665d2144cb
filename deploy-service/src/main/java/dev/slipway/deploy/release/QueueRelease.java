package dev.slipway.deploy.release;

import static java.time.temporal.ChronoUnit.MICROS;

import dev.slipway.deploy.candidate.Candidate;
import dev.slipway.deploy.candidate.Candidates;
import dev.slipway.deploy.manifest.DeployManifest;
import dev.slipway.deploy.manifest.Environment;
import dev.slipway.deploy.plan.Direction;
import dev.slipway.deploy.plan.Planner;
import dev.slipway.deploy.plan.Steps;
import dev.slipway.deploy.release.ReleaseSignal.Superseded;
import dev.slipway.deploy.release.ReleaseState.Created;
import dev.slipway.eventing.Ids;
import dev.slipway.events.ReleaseQueued;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Makes a candidate's release for an environment: row, plan, event and due gates, in the open transaction. Of the
/// releases that wait there, only the newest candidate's stays.
@Singleton
public final class QueueRelease {
    private final Releases releases;
    private final Candidates candidates;
    private final Steps steps;
    private final ReleaseEvents events;
    private final ReleaseWork work;
    private final SignalRelease signals;
    private final Clock clock;

    public QueueRelease(
            Releases releases,
            Candidates candidates,
            Steps steps,
            ReleaseEvents events,
            ReleaseWork work,
            SignalRelease signals,
            Clock clock) {
        this.releases = releases;
        this.candidates = candidates;
        this.steps = steps;
        this.events = events;
        this.work = work;
        this.signals = signals;
        this.clock = clock;
    }

    /// Makes the release for the first environment. The candidate's row must be there already.
    ///
    /// @param manifestHash the version of the manifest the release is made with
    /// @return the release's id
    public UUID first(Handle tx, Candidate candidate, DeployManifest manifest, String manifestHash) {
        return into(tx, candidate, manifest.first(), manifestHash);
    }

    /// Makes the release for one environment; a candidate has one there, so a second call changes nothing.
    UUID into(Handle tx, Candidate candidate, Environment environment, String manifestHash) {
        Optional<Release> already = releases.ofCandidate(tx, candidate.id(), environment.name());
        if (already.isPresent()) {
            return already.get().id();
        }
        Instant now = clock.instant().truncatedTo(MICROS);
        List<Release> waiting = releases.waiting(tx, candidate.application(), environment.name());
        Release release = release(candidate, environment.name(), manifestHash, now);
        releases.add(tx, release);
        steps.add(tx, release.id(), Direction.FORWARD, Planner.forward(environment));
        events.write(
                tx, release, new ReleaseQueued(ReleaseEvents.run(release), new ReleaseQueued.Facts(release.ref())));
        work.gates(tx, release.id(), now);
        supersede(tx, candidate, release, waiting);
        return release.id();
    }

    private void supersede(Handle tx, Candidate candidate, Release release, List<Release> waiting) {
        Comparator<Candidate> age = Comparator.comparing(Candidate::acceptedAt).thenComparing(Candidate::id);
        for (Release other : waiting) {
            boolean newer = candidates
                    .byId(tx, other.candidate())
                    .filter(theirs -> age.compare(theirs, candidate) > 0)
                    .isPresent();
            signals.send(tx, newer ? release.id() : other.id(), new Superseded(newer ? other.id() : release.id()));
        }
    }

    private Release release(Candidate candidate, String environment, String manifestHash, Instant now) {
        return new Release(
                Ids.next(clock),
                candidate.application(),
                environment,
                candidate.id(),
                "normal",
                candidate.version(),
                candidate.commit(),
                candidate.artifact(),
                candidate.requester(),
                candidate.author(),
                manifestHash,
                null,
                0,
                new Created(now.plus(ReleaseRules.WAITS_FOR)),
                now,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
