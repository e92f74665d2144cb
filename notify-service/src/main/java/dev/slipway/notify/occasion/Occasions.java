package dev.slipway.notify.occasion;

import dev.slipway.events.ApprovalGiven;
import dev.slipway.events.BackupFailed;
import dev.slipway.events.CandidateAccepted;
import dev.slipway.events.Event;
import dev.slipway.events.GateAnswered;
import dev.slipway.events.IncidentDetected;
import dev.slipway.events.NoticeRequested;
import dev.slipway.events.ReleaseFinished;
import dev.slipway.events.ReleaseGated;
import dev.slipway.events.ReleaseHeld;
import dev.slipway.events.ReleaseQueued;
import dev.slipway.events.ReleaseRef;
import dev.slipway.events.ReleaseRollingBack;
import dev.slipway.events.ReleaseStarted;
import dev.slipway.events.WatchCounts;
import dev.slipway.events.WatchHeld;
import dev.slipway.notify.audience.Situation;
import dev.slipway.notify.occasion.KnownReleases.Earlier;
import dev.slipway.notify.occasion.Occasion.Subject;
import dev.slipway.notify.wording.Facts;
import dev.slipway.notify.wording.Text;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What each event means to people: which situation it is and what there is to tell. Pure; what was known before comes
/// in as an argument.
final class Occasions {
    private static final String OPEN = "open";

    private Occasions() {}

    static Occasion accepted(Event<CandidateAccepted> event) {
        CandidateAccepted candidate = event.data();
        Facts facts = Facts.about(candidate.application())
                .about("", candidate.application() + " " + Text.version(candidate.commit()), candidate.commit())
                .by(candidate.requester())
                .with("Application", candidate.application())
                .with("Commit", candidate.commit())
                .with("Branch", candidate.branch())
                .with("Requested by", candidate.requester())
                .with("Author", orEmpty(candidate.author()))
                .with("CI run", orEmpty(candidate.runUrl()));
        Subject about = new Subject(candidate.application(), null, null, null);
        return Occasion.of(event, Situation.CANDIDATE_ACCEPTED, about, facts);
    }

    static Occasion queued(Event<ReleaseQueued> event, Optional<Earlier> last) {
        ReleaseRef release = event.data().customData().release();
        return Occasion.of(
                event, Situation.RELEASE_QUEUED, Subject.of(release), expected(ReleaseFacts.of(release), last));
    }

    /// The same answers of the gates are told once, however often they are given.
    static Occasion gated(Event<ReleaseGated> event) {
        ReleaseGated gated = event.data();
        Facts facts = ReleaseFacts.of(gated.release());
        for (GateAnswered gate : gated.gates()) {
            facts = facts.with("Gate " + gate.gate(), gate.verdict() + ": " + gate.reason());
        }
        Situation situation = gated.open() ? Situation.RELEASE_READY : Situation.RELEASE_WAITING;
        String answers = gated.gates().stream()
                .filter(gate -> !gate.verdict().equals(OPEN))
                .map(gate -> gate.gate() + "=" + gate.verdict())
                .sorted()
                .collect(Collectors.joining(","));
        return Occasion.of(event, situation, Subject.of(gated.release()), facts)
                .oncePer("release/%s/%s/%s".formatted(gated.release().id(), situation.label(), answers));
    }

    static Occasion approved(Event<ApprovalGiven> event) {
        ApprovalGiven approval = event.data();
        Facts facts = ReleaseFacts.of(approval.release())
                .by(approval.by())
                .because(orEmpty(approval.note()))
                .with("Approved by", approval.by())
                .with("In the role", approval.role())
                .with("At", Text.time(approval.at()));
        return Occasion.of(event, Situation.RELEASE_APPROVED, Subject.of(approval.release()), facts);
    }

    /// A plan that announces itself says so by [NoticeRequested]; telling the start as well would tell it twice.
    static Optional<Occasion> started(Event<ReleaseStarted> event, Optional<Earlier> last) {
        ReleaseStarted.Facts started = event.data().customData();
        if (started.steps().stream().anyMatch(step -> step.kind().equals("announce"))) {
            return Optional.empty();
        }
        Facts facts = expected(ReleaseFacts.of(started.release()), last);
        return Optional.of(Occasion.of(event, Situation.RELEASE_STARTED, Subject.of(started.release()), facts));
    }

    /// One occasion per request, however often the request is repeated.
    static Occasion requested(Event<NoticeRequested> event, Situation situation, Optional<Earlier> last) {
        NoticeRequested request = event.data();
        Facts facts = ReleaseFacts.withDetails(ReleaseFacts.of(request.release()), request.details());
        boolean says = request.details().containsKey("expectedDuration");
        return new Occasion(
                "request/" + request.requestId(),
                situation,
                Subject.of(request.release()),
                request.requestId(),
                request.deadline(),
                event.chainId(),
                says || situation != Situation.RELEASE_STARTED ? facts : expected(facts, last));
    }

    static Occasion rollingBack(Event<ReleaseRollingBack> event, Optional<Earlier> last) {
        ReleaseRollingBack undone = event.data();
        Facts facts = ReleaseFacts.of(undone.release())
                .because(undone.reason())
                .by(undone.by())
                .serving(last.map(Earlier::called).orElse(""))
                .next(undone.nextSteps())
                .with("Called back by", undone.by());
        return Occasion.of(event, Situation.RELEASE_ROLLING_BACK, Subject.of(undone.release()), facts);
    }

    static Occasion held(Event<ReleaseHeld> event) {
        ReleaseHeld held = event.data();
        Facts facts = ReleaseFacts.of(held.release())
                .because(held.reason())
                .next(held.choices())
                .with("Decided by Slipway at", Text.time(held.deadline()));
        return Occasion.of(event, Situation.RELEASE_HELD, Subject.of(held.release()), facts);
    }

    /// @throws IllegalArgumentException when the phase is none of the catalogue's
    static Occasion finished(Event<ReleaseFinished> event) {
        ReleaseFinished.Facts end = event.data().customData();
        Situation situation = switch (end.phase()) {
            case "completed" -> Situation.RELEASE_COMPLETED;
            case "rolledBack" -> Situation.RELEASE_ROLLED_BACK;
            case "failed" -> Situation.RELEASE_FAILED;
            case "cancelled" -> Situation.RELEASE_CANCELLED;
            case "superseded" -> Situation.RELEASE_SUPERSEDED;
            default -> throw new IllegalArgumentException("a release cannot end as '" + end.phase() + "'");
        };
        Facts facts = ReleaseFacts.of(end.release())
                .because(end.reason())
                .serving(Text.version(orEmpty(end.currentVersion())))
                .with("Took", took(end))
                .with("Downtime", downtime(end, situation))
                .with("Finished", Text.time(end.finishedAt()));
        if (end.currentVersion() == null) {
            facts = facts.standing("no version is in service there now.");
        }
        return Occasion.of(event, situation, Subject.of(end.release()), facts);
    }

    static Occasion backupFailed(Event<BackupFailed> event) {
        BackupFailed failed = event.data();
        Facts facts = Facts.about(failed.application())
                .because(failed.message())
                .with("Application", failed.application())
                .with("Database", failed.database())
                .with("Fault", failed.reason());
        Subject about = new Subject(failed.application(), null, failed.release(), null);
        return Occasion.of(event, Situation.BACKUP_FAILED, about, facts);
    }

    /// @param known the release as an earlier event told of it
    static Occasion watchHeld(Event<WatchHeld> event, Optional<ReleaseRef> known) {
        WatchHeld held = event.data();
        Subject about = new Subject(
                held.application(),
                held.environment(),
                held.release(),
                known.map(ReleaseRef::manifest).orElse(null));
        Facts facts = known.map(ReleaseFacts::of)
                .orElseGet(() -> Facts.about(held.application())
                        .about(about.place(), held.application(), "")
                        .with("Application", held.application())
                        .with("Environment", about.place()))
                .because(held.reason())
                .with(
                        "Errors, new version",
                        share(held.counts().candidateErrors(), held.counts().candidateRequests()))
                .with("Errors, old version", oldShare(held.counts()));
        return Occasion.of(event, Situation.WATCH_HELD, about, facts);
    }

    static Occasion incident(Event<IncidentDetected> event) {
        IncidentDetected incident = event.data();
        ReleaseRef release = incident.customData().release();
        String application = incident.content().service().id();
        String environment = incident.content().environment().id();
        Subject about = release == null ? new Subject(application, environment, null, null) : Subject.of(release);
        Facts facts = (release == null
                        ? Facts.about(application)
                                .about(about.place(), application, "")
                                .with("Application", application)
                                .with("Environment", about.place())
                        : ReleaseFacts.of(release))
                .because(incident.content().description())
                .with("Severity", incident.customData().severity())
                .with("Incident", incident.customData().incident().toString());
        return Occasion.of(event, Situation.INCIDENT, about, facts);
    }

    private static Facts expected(Facts facts, Optional<Earlier> last) {
        return last.map(earlier -> facts.with("Expected duration", Text.duration(earlier.took()) + ", as last time")
                        .with("Expected downtime", Text.duration(earlier.downtime()) + ", as last time"))
                .orElse(facts);
    }

    private static String took(ReleaseFinished.Facts end) {
        return end.startedAt() == null
                ? ""
                : Text.duration(java.time.Duration.between(end.startedAt(), end.finishedAt()));
    }

    private static String downtime(ReleaseFinished.Facts end, Situation situation) {
        if (end.downtime() != null) {
            return Text.duration(end.downtime());
        }
        return situation == Situation.RELEASE_COMPLETED ? "none" : "";
    }

    private static String share(long errors, long requests) {
        return "%d of %d requests".formatted(errors, requests);
    }

    private static String oldShare(WatchCounts counts) {
        return counts.baselineRequests() == 0 ? "" : share(counts.baselineErrors(), counts.baselineRequests());
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
