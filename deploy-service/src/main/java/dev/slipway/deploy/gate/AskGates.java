package dev.slipway.deploy.gate;

import static java.time.temporal.ChronoUnit.MICROS;

import dev.slipway.deploy.gate.GateAnswers.Kept;
import dev.slipway.deploy.manifest.DeployManifest;
import dev.slipway.deploy.manifest.Environment;
import dev.slipway.deploy.release.Decision;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.release.ReleaseEvents;
import dev.slipway.deploy.release.ReleaseManifests;
import dev.slipway.deploy.release.ReleaseSignal.DeadlinePassed;
import dev.slipway.deploy.release.ReleaseSignal.GatesAnswered;
import dev.slipway.deploy.release.ReleaseState.Paused;
import dev.slipway.deploy.release.ReleaseState.Ready;
import dev.slipway.deploy.release.ReleaseState.Waiting;
import dev.slipway.deploy.release.ReleaseWork;
import dev.slipway.deploy.release.Releases;
import dev.slipway.deploy.release.SignalRelease;
import dev.slipway.deploy.release.StartRelease;
import dev.slipway.eventing.WorkHandler;
import dev.slipway.eventing.WorkItem;
import dev.slipway.eventing.WorkResult;
import dev.slipway.events.ReleaseGated;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/// Asks every gate of a waiting release, keeps what they say, and starts the release when all are open.
@Singleton
public final class AskGates implements WorkHandler {
    private static final String MANIFEST = "manifest";
    private static final Duration MANIFEST_AGAIN = Duration.ofSeconds(30);

    /// Every gate, in the order they are asked: what is free first, what makes others work last.
    private final List<Gate> gates;

    private final Releases releases;
    private final ReleaseManifests manifests;
    private final GateAnswers answers;
    private final Overrides overrides;
    private final SignalRelease signals;
    private final StartRelease start;
    private final ReleaseEvents events;
    private final ReleaseWork work;
    private final Clock clock;

    AskGates(
            SoakGate soak,
            ApprovalsGate approvals,
            EnvironmentGate environment,
            BackupGate backup,
            Releases releases,
            ReleaseManifests manifests,
            GateAnswers answers,
            Overrides overrides,
            SignalRelease signals,
            StartRelease start,
            ReleaseEvents events,
            ReleaseWork work,
            Clock clock) {
        this.gates = List.of(soak, approvals, environment, backup);
        this.releases = releases;
        this.manifests = manifests;
        this.answers = answers;
        this.overrides = overrides;
        this.signals = signals;
        this.start = start;
        this.events = events;
        this.work = work;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return ReleaseWork.GATES;
    }

    @Override
    public WorkResult run(WorkItem item) {
        return WorkResult.done(tx -> ask(tx, UUID.fromString(item.id())));
    }

    private void ask(Handle tx, UUID id) {
        Release release = releases.lock(tx, id).orElseThrow();
        Instant now = clock.instant().truncatedTo(MICROS);
        switch (release.state()) {
            case Waiting waiting when now.isBefore(waiting.deadline()) -> ask(tx, release, waiting, now);
            case Waiting _ -> signals.send(tx, id, new DeadlinePassed());
            case Paused paused
            when paused.of() instanceof Waiting && now.isBefore(paused.deadline()) ->
                work.gates(tx, id, paused.deadline());
            case Paused paused when paused.of() instanceof Waiting -> signals.send(tx, id, new DeadlinePassed());
            default -> {
                // started or settled meanwhile
            }
        }
    }

    private void ask(Handle tx, Release release, Waiting waiting, Instant now) {
        List<Kept> said = askAll(tx, release, now);
        keep(tx, release, said);
        Decision decision = signals.send(tx, release.id(), signal(said));
        boolean open = said.stream().allMatch(answer -> answer.verdict().equals("open"));
        boolean denied = said.stream().anyMatch(answer -> answer.verdict().equals("deny"));
        if (open && (decision instanceof Decision.Move || release.state() instanceof Ready)) {
            start(tx, release, waiting);
        } else if (!denied) {
            work.gates(tx, release.id(), again(said, waiting));
        }
    }

    private void start(Handle tx, Release release, Waiting waiting) {
        Decision decision = start.start(tx, releases.existing(tx, release.id()), EnvironmentGate.NAME);
        boolean started = decision instanceof Decision.Move move && !(move.next() instanceof Waiting);
        if (!started) {
            // another release was quicker; whoever frees the environment has the gates asked again
            work.gates(tx, release.id(), waiting.deadline());
        }
    }

    private List<Kept> askAll(Handle tx, Release release, Instant now) {
        Optional<DeployManifest> manifest = manifests.find(tx, release);
        Optional<Environment> environment = manifest.flatMap(known -> known.environment(release.environment()));
        if (environment.isEmpty()) {
            String why = "the manifest %s is not known here".formatted(release.manifest());
            return List.of(new Kept(MANIFEST, "hold", why, now.plus(MANIFEST_AGAIN), now));
        }
        List<Kept> said = new ArrayList<>();
        said.add(new Kept(MANIFEST, "open", "is " + release.manifest(), null, now));
        boolean open = true;
        for (Gate gate : gates) {
            if (gate.guards(environment.get())) {
                Gate.Question question = new Gate.Question(release, manifest.get(), environment.get(), open, now);
                Verdict verdict = overrides
                        .find(tx, release.id(), gate.name())
                        .map(GateOverride::verdict)
                        .orElseGet(() -> gate.ask(tx, question));
                open &= verdict instanceof Verdict.Open;
                said.add(new Kept(gate.name(), verdict.tag(), verdict.why(), verdict.until(), now));
            }
        }
        return said;
    }

    private void keep(Handle tx, Release release, List<Kept> said) {
        List<Kept> before = answers.latest(tx, release.id());
        List<Kept> changed = said.stream()
                .filter(answer -> before.stream().noneMatch(earlier -> same(earlier, answer)))
                .toList();
        changed.forEach(answer -> answers.add(tx, release.id(), answer));
        if (!changed.isEmpty()) {
            boolean open = said.stream().allMatch(answer -> answer.verdict().equals("open"));
            events.write(
                    tx,
                    release,
                    new ReleaseGated(
                            release.ref(), open, said.stream().map(Kept::event).toList()));
        }
    }

    private static boolean same(Kept one, Kept other) {
        return one.event().equals(other.event());
    }

    private static GatesAnswered signal(List<Kept> said) {
        String denied = said.stream()
                .filter(answer -> answer.verdict().equals("deny"))
                .map(answer -> answer.gate() + ": " + answer.reason())
                .findFirst()
                .orElse(null);
        List<String> closed = said.stream()
                .filter(answer -> !answer.verdict().equals("open"))
                .map(Kept::gate)
                .toList();
        return new GatesAnswered(closed, denied);
    }

    private static Instant again(List<Kept> said, Waiting waiting) {
        return Stream.concat(said.stream().map(Kept::until).filter(Objects::nonNull), Stream.of(waiting.deadline()))
                .min(Instant::compareTo)
                .orElseThrow();
    }
}
