package dev.slipway.deploy.step;

import static java.time.temporal.ChronoUnit.MICROS;

import dev.slipway.deploy.manifest.DeployManifest;
import dev.slipway.deploy.manifest.Environment;
import dev.slipway.deploy.plan.Direction;
import dev.slipway.deploy.plan.Step;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.plan.StepState;
import dev.slipway.deploy.plan.Steps;
import dev.slipway.deploy.release.Decision;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.release.ReleaseEvents;
import dev.slipway.deploy.release.ReleaseManifests;
import dev.slipway.deploy.release.ReleaseSignal.DeadlinePassed;
import dev.slipway.deploy.release.ReleaseSignal.PlanFinished;
import dev.slipway.deploy.release.ReleaseSignal.StepBegan;
import dev.slipway.deploy.release.ReleaseState.Active;
import dev.slipway.deploy.release.ReleaseState.Held;
import dev.slipway.deploy.release.ReleaseState.Paused;
import dev.slipway.deploy.release.ReleaseState.RollingBack;
import dev.slipway.deploy.release.ReleaseState.Settled;
import dev.slipway.deploy.release.ReleaseState.Waiting;
import dev.slipway.deploy.release.Releases;
import dev.slipway.deploy.release.SignalRelease;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Finds out whose turn it is in a release, and writes down that it begins: one transaction, before anything is done
/// outside. The rules are asked first, so nothing begins in a release that is paused, held or over.
@Singleton
final class BeginStep {
    private final Releases releases;
    private final Steps steps;
    private final ReleaseManifests manifests;
    private final SignalRelease signals;
    private final ReleaseEvents events;
    private final Clock clock;

    BeginStep(
            Releases releases,
            Steps steps,
            ReleaseManifests manifests,
            SignalRelease signals,
            ReleaseEvents events,
            Clock clock) {
        this.releases = releases;
        this.steps = steps;
        this.manifests = manifests;
        this.signals = signals;
        this.events = events;
        this.clock = clock;
    }

    /// What there is to do for a release now.
    sealed interface Turn {
        record Nothing() implements Turn {}

        record Later(Instant at) implements Turn {}

        record Go(StepContext context) implements Turn {}
    }

    Turn begin(Handle tx, UUID id, Map<StepKind, StepHandler> handlers) {
        Release release = releases.lock(tx, id).orElseThrow();
        Instant now = clock.instant().truncatedTo(MICROS);
        return switch (release.state()) {
            case Active _ -> next(tx, release, Direction.FORWARD, handlers, now);
            case RollingBack _ -> {
                Optional<Step> orphan = orphan(tx, release);
                yield orphan.isPresent()
                        ? new Turn.Go(context(tx, release, orphan.get(), true, now))
                        : next(tx, release, Direction.BACK, handlers, now);
            }
            case Paused paused -> standsStill(tx, id, paused.deadline(), now);
            case Held held -> standsStill(tx, id, held.deadline(), now);
            case Waiting _, Settled _ -> new Turn.Nothing();
        };
    }

    /// Work on a target that was begun for the plan that is being undone, by somebody who died: before anything else is
    /// done there it has to come to its end.
    private Optional<Step> orphan(Handle tx, Release release) {
        return steps.of(tx, release.id(), Direction.FORWARD).stream()
                .filter(step -> step.state() == StepState.RUNNING)
                .filter(step -> step.kind() == StepKind.DEPLOY || step.kind() == StepKind.MIGRATE)
                .findFirst();
    }

    private Turn standsStill(Handle tx, UUID id, Instant deadline, Instant now) {
        if (now.isBefore(deadline)) {
            return new Turn.Later(deadline);
        }
        signals.send(tx, id, new DeadlinePassed());
        return new Turn.Later(now);
    }

    private Turn next(
            Handle tx, Release release, Direction direction, Map<StepKind, StepHandler> handlers, Instant now) {
        Optional<Step> step = steps.next(tx, release.id(), direction);
        if (step.isEmpty()) {
            signals.send(tx, release.id(), new PlanFinished(direction));
            return new Turn.Nothing();
        }
        return switch (step.get().state()) {
            case PENDING -> anew(tx, release, step.get(), handlers, now);
            case RUNNING -> new Turn.Go(context(tx, release, step.get(), true, now));
            case WAITING -> new Turn.Go(context(tx, release, step.get(), false, now));
            case DONE, BROKEN, SKIPPED, STOPPED ->
                throw new IllegalStateException(
                        "nothing can follow %s of release %s".formatted(step.get(), release.id()));
        };
    }

    private Turn anew(Handle tx, Release release, Step step, Map<StepKind, StepHandler> handlers, Instant now) {
        Environment environment = manifests.environment(tx, release);
        boolean closes = step.kind() == StepKind.MIGRATE
                && !environment.target().migrate().backwardCompatible();
        Decision decision =
                signals.send(tx, release.id(), new StepBegan(step.id(), step.kind(), step.direction(), closes));
        if (!(decision instanceof Decision.Move)) {
            return new Turn.Nothing();
        }
        steps.begin(tx, step, now);
        Step begun = steps.byId(tx, step.id()).orElseThrow();
        StepContext context = context(tx, release, begun, false, now);
        handlers.get(step.kind()).beginning(context).forEach(event -> events.write(tx, release, step.id(), event));
        return new Turn.Go(context);
    }

    private StepContext context(Handle tx, Release release, Step step, boolean takenOver, Instant now) {
        DeployManifest manifest = manifests.of(tx, release);
        Optional<Release> upstream = manifest.before(release.environment())
                .flatMap(before -> releases.ofCandidate(tx, release.candidate(), before.name()));
        Optional<Release> previous = Optional.ofNullable(release.previous()).flatMap(id -> releases.byId(tx, id));
        return new StepContext(
                release,
                step,
                takenOver,
                manifest,
                manifests.environment(tx, release),
                previous.orElse(null),
                upstream.orElse(null),
                now);
    }
}
