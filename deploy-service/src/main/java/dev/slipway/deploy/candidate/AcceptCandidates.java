package dev.slipway.deploy.candidate;

import static java.time.temporal.ChronoUnit.MICROS;

import dev.slipway.deploy.candidate.Candidates.Artifact;
import dev.slipway.deploy.candidate.Candidates.Run;
import dev.slipway.deploy.manifest.DeployManifest;
import dev.slipway.eventing.EventWriter;
import dev.slipway.eventing.EventWriter.Draft;
import dev.slipway.eventing.Ids;
import dev.slipway.events.CandidateAccepted;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Takes good builds as candidates, each once: by the run that made it and by the artifact it makes.
@Singleton
public final class AcceptCandidates {
    private final Candidates candidates;
    private final EventWriter events;
    private final Clock clock;

    public AcceptCandidates(Candidates candidates, EventWriter events, Clock clock) {
        this.candidates = candidates;
        this.events = events;
        this.clock = clock;
    }

    /// A build, and the manifest of the application it is offered to.
    ///
    /// @param traceparent the trace it belongs to; absent when nobody traces
    public record Offer(
            Build build, DeployManifest manifest, @Nullable String traceparent) {
        private Run run() {
            return new Run(manifest.application(), build);
        }
    }

    /// What became of a build.
    public sealed interface Acceptance {
        /// It is a candidate now.
        record Accepted(Candidate candidate) implements Acceptance {}

        /// It was one already; nothing changed. @param why in words
        record Known(UUID candidate, String why) implements Acceptance {}
    }

    /// Stores the candidates and says so, in the open transaction. A concurrent transaction with one of
    /// the same builds is waited for.
    ///
    /// @return what became of each, in the order given; of two that are the same build the first is
    /// accepted
    public List<Acceptance> accept(Handle tx, List<Offer> offers) {
        if (offers.isEmpty()) {
            return List.of();
        }
        Map<Run, UUID> told =
                candidates.ofRuns(tx, offers.stream().map(Offer::run).toList());
        Map<Artifact, Candidate> wanted = new LinkedHashMap<>();
        Map<UUID, String> traces = new HashMap<>();
        List<Candidate> candidate = new ArrayList<>();
        for (Offer offer : offers) {
            Candidate made = candidate(offer);
            candidate.add(made);
            traces.put(made.id(), offer.traceparent());
            if (!told.containsKey(offer.run())) {
                wanted.putIfAbsent(Artifact.of(made), made);
            }
        }
        Map<Artifact, UUID> ids = store(tx, List.copyOf(wanted.values()), traces);
        Map<Run, UUID> fresh = new LinkedHashMap<>();
        List<Acceptance> acceptances = new ArrayList<>();
        for (int i = 0; i < offers.size(); i++) {
            acceptances.add(acceptance(offers.get(i), candidate.get(i), told, ids, fresh));
        }
        candidates.addRuns(tx, fresh);
        return acceptances;
    }

    private static Acceptance acceptance(
            Offer offer, Candidate made, Map<Run, UUID> told, Map<Artifact, UUID> ids, Map<Run, UUID> fresh) {
        Run run = offer.run();
        UUID known = told.getOrDefault(run, fresh.get(run));
        if (known != null) {
            return new Acceptance.Known(
                    known,
                    "run %d, attempt %d was told of before"
                            .formatted(offer.build().run(), offer.build().attempt()));
        }
        UUID id = ids.get(Artifact.of(made));
        fresh.put(run, id);
        return id.equals(made.id())
                ? new Acceptance.Accepted(made)
                : new Acceptance.Known(id, "%s is a candidate already".formatted(made.artifact()));
    }

    /// @return for each artifact the candidate that it is, new or not
    private Map<Artifact, UUID> store(Handle tx, List<Candidate> wanted, Map<UUID, String> traces) {
        Set<UUID> added = candidates.addAll(tx, wanted);
        Map<Artifact, UUID> ids = new HashMap<>();
        List<Draft> said = new ArrayList<>();
        List<Artifact> there = new ArrayList<>();
        for (Candidate candidate : wanted) {
            if (added.contains(candidate.id())) {
                ids.put(Artifact.of(candidate), candidate.id());
                String id = candidate.id().toString();
                said.add(new Draft(id, id, candidate.id(), said(candidate), traces.get(candidate.id())));
            } else {
                there.add(Artifact.of(candidate));
            }
        }
        ids.putAll(candidates.ofArtifacts(tx, there));
        events.writeAll(tx, said);
        return ids;
    }

    private Candidate candidate(Offer offer) {
        Build build = offer.build();
        ArtifactName artifact = ArtifactName.of(offer.manifest().artifact(), build.commit());
        return new Candidate(
                Ids.next(clock),
                offer.manifest().application(),
                artifact.version(),
                build.commit(),
                build.branch(),
                artifact.url(),
                build.requester(),
                build.author(),
                build.involved(),
                build.runUrl(),
                clock.instant().truncatedTo(MICROS));
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
