package dev.slipway.deploy.candidate;

import static java.time.temporal.ChronoUnit.MICROS;

import com.github.packageurl.MalformedPackageURLException;
import com.github.packageurl.PackageURL;
import dev.slipway.deploy.manifest.DeployManifest;
import dev.slipway.eventing.EventWriter;
import dev.slipway.eventing.Ids;
import dev.slipway.events.CandidateAccepted;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Takes a good build as a candidate, once: by the run that made it and by the artifact it makes.
@Singleton
public final class AcceptCandidate {
    private static final String COMMIT = "${commit}";

    private final Candidates candidates;
    private final EventWriter events;
    private final Clock clock;

    public AcceptCandidate(Candidates candidates, EventWriter events, Clock clock) {
        this.candidates = candidates;
        this.events = events;
        this.clock = clock;
    }

    /// What became of a build.
    public sealed interface Acceptance {
        /// It is a candidate now.
        record Accepted(Candidate candidate) implements Acceptance {}

        /// It was one already; nothing changed. @param why in words
        record Known(UUID candidate, String why) implements Acceptance {}
    }

    /// Stores the candidate and says so, in the open transaction. A concurrent transaction with the same build is
    /// waited
    /// for.
    public Acceptance accept(Handle tx, Build build, DeployManifest manifest) {
        Optional<UUID> told = candidates.ofBuild(tx, manifest.application(), build);
        if (told.isPresent()) {
            return new Acceptance.Known(
                    told.get(), "run %d, attempt %d was told of before".formatted(build.run(), build.attempt()));
        }
        Candidate candidate = candidate(build, manifest);
        if (!candidates.add(tx, candidate)) {
            UUID known = candidates.ofArtifact(tx, candidate.application(), candidate.artifact());
            candidates.addBuild(tx, candidate.application(), build, known);
            return new Acceptance.Known(known, "%s is a candidate already".formatted(candidate.artifact()));
        }
        candidates.addBuild(tx, candidate.application(), build, candidate.id());
        String id = candidate.id().toString();
        events.write(tx, id, id, candidate.id(), said(candidate));
        return new Acceptance.Accepted(candidate);
    }

    private Candidate candidate(Build build, DeployManifest manifest) {
        PackageURL artifact = artifact(manifest.artifact().replace(COMMIT, build.commit()));
        return new Candidate(
                Ids.next(clock),
                manifest.application(),
                artifact.getVersion(),
                build.commit(),
                build.branch(),
                artifact.canonicalize(),
                build.requester(),
                build.author(),
                build.runUrl(),
                clock.instant().truncatedTo(MICROS));
    }

    private static PackageURL artifact(String text) {
        try {
            return new PackageURL(text);
        } catch (MalformedPackageURLException e) {
            throw new IllegalStateException(
                    "the manifest was read with an artifact that is no package URL: " + text, e);
        }
    }

    private static CandidateAccepted said(Candidate candidate) {
        return new CandidateAccepted(
                candidate.id(),
                candidate.application(),
                candidate.commit(),
                candidate.branch(),
                candidate.artifact(),
                candidate.requester(),
                candidate.author(),
                candidate.runUrl());
    }
}
