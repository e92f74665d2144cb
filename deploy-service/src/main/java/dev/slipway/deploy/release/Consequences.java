package dev.slipway.deploy.release;

import dev.slipway.deploy.environment.Environments;
import dev.slipway.deploy.plan.Direction;
import dev.slipway.deploy.plan.PlannedStep;
import dev.slipway.deploy.plan.Planner;
import dev.slipway.deploy.plan.Step;
import dev.slipway.deploy.plan.StepState;
import dev.slipway.deploy.plan.Steps;
import dev.slipway.deploy.release.ReleaseSignal.Choose;
import dev.slipway.deploy.release.ReleaseState.Active;
import dev.slipway.deploy.release.ReleaseState.Extent;
import dev.slipway.deploy.release.ReleaseState.Held;
import dev.slipway.deploy.release.ReleaseState.Paused;
import dev.slipway.deploy.release.ReleaseState.RollingBack;
import dev.slipway.deploy.release.ReleaseState.Settled;
import dev.slipway.deploy.release.ReleaseState.UnderWay;
import dev.slipway.deploy.release.ReleaseState.Waiting;
import dev.slipway.events.EnvironmentId;
import dev.slipway.events.ReleaseFinished;
import dev.slipway.events.ReleaseHeld;
import dev.slipway.events.ReleaseRollingBack;
import dev.slipway.events.ReleaseStarted;
import dev.slipway.events.ServiceChange;
import dev.slipway.events.ServiceUpgraded;
import dev.slipway.events.StepFinished;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// What follows from a release's new state: events, plans, due work, and who holds the environment. Same transaction.
@Singleton
final class Consequences {
    private final Releases releases;
    private final Steps steps;
    private final Environments environments;
    private final ReleaseManifests manifests;
    private final ReleaseEvents events;
    private final ReleaseWork work;

    Consequences(
            Releases releases,
            Steps steps,
            Environments environments,
            ReleaseManifests manifests,
            ReleaseEvents events,
            ReleaseWork work) {
        this.releases = releases;
        this.steps = steps;
        this.environments = environments;
        this.manifests = manifests;
        this.events = events;
        this.work = work;
    }

    /// @param before the release as it was when the signal came
    void follow(Handle tx, Release before, ReleaseSignal signal, ReleaseState next, Instant now) {
        switch (next) {
            case Waiting _ -> waiting(tx, before, now);
            case Active _ -> active(tx, before, signal, now);
            case Paused paused -> paused(tx, before, paused, now);
            case Held held -> held(tx, before, held, now);
            case RollingBack back -> rollingBack(tx, before, back, now);
            case Settled settled -> settled(tx, before, settled, now);
        }
    }

    private void waiting(Handle tx, Release before, Instant now) {
        if (before.state() instanceof Paused) {
            work.gates(tx, before.id(), now);
        }
    }

    private void active(Handle tx, Release before, ReleaseSignal signal, Instant now) {
        switch (before.state()) {
            case Waiting _ -> started(tx, before, now);
            case Paused paused -> goOn(tx, before, paused.since(), now);
            case Held held -> {
                if (signal instanceof Choose choose) {
                    chosen(tx, before, held, choose, now);
                }
                goOn(tx, before, held.since(), now);
            }
            case UnderWay _, Settled _ -> {
                // a step's turn to its next state schedules what follows by itself
            }
        }
    }

    private void started(Handle tx, Release release, Instant now) {
        List<ReleaseStarted.PlannedStep> plan = steps.of(tx, release.id(), Direction.FORWARD).stream()
                .map(step -> new ReleaseStarted.PlannedStep(
                        step.id(), step.name(), step.kind().tag()))
                .toList();
        events.write(
                tx,
                release,
                new ReleaseStarted(ReleaseEvents.run(release), new ReleaseStarted.Facts(release.ref(), plan)));
        work.noGates(tx, release.id());
        work.step(tx, release.id(), now);
    }

    private void goOn(Handle tx, Release release, Instant since, Instant now) {
        steps.extend(tx, release.id(), Duration.between(since, now));
        work.step(tx, release.id(), now);
    }

    private void chosen(Handle tx, Release release, Held held, Choose choose, Instant now) {
        Optional<Step> step = Optional.ofNullable(held.step()).flatMap(id -> steps.byId(tx, id));
        switch (choose.choice()) {
            case RETRY -> step.ifPresent(stuck -> steps.reset(tx, stuck.id()));
            case CONTINUE -> step.ifPresent(stuck -> passOver(tx, release, stuck, held, choose, now));
            case ROLLBACK, ABANDON -> throw new IllegalStateException(choose + " does not go on");
        }
    }

    private void passOver(Handle tx, Release release, Step step, Held held, Choose choose, Instant now) {
        String evidence = "%s; continued by %s: %s".formatted(held.reason(), choose.by(), choose.reason());
        steps.finish(tx, step.id(), StepState.DONE, evidence, List.of(), now);
        events.write(
                tx,
                release,
                new StepFinished(
                        release.ref(),
                        step.id(),
                        step.name(),
                        step.kind().tag(),
                        "done",
                        evidence,
                        Optional.ofNullable(step.startedAt()).orElse(now),
                        now));
    }

    private void paused(Handle tx, Release before, Paused paused, Instant now) {
        switch (paused.of()) {
            case Waiting _ -> work.gates(tx, before.id(), paused.deadline());
            case Active _ -> work.step(tx, before.id(), now);
        }
    }

    private void held(Handle tx, Release before, Held held, Instant now) {
        boolean asked =
                before.state() instanceof Held earlier && earlier.reason().equals(held.reason());
        if (!asked) {
            events.write(
                    tx,
                    before,
                    new ReleaseHeld(
                            before.ref(),
                            held.reason(),
                            held.choices().stream().map(Choice::tag).toList(),
                            held.deadline()));
        }
        work.step(tx, before.id(), now);
    }

    private void rollingBack(Handle tx, Release before, RollingBack back, Instant now) {
        if (before.state() instanceof Held held && held.of() instanceof RollingBack) {
            Optional.ofNullable(held.step()).ifPresent(step -> steps.reset(tx, step));
        } else {
            planBack(tx, before, back, now);
        }
        work.step(tx, before.id(), now);
    }

    private void planBack(Handle tx, Release release, RollingBack back, Instant now) {
        steps.stop(tx, release.id(), Direction.FORWARD, false, now);
        Optional<Release> previous = previous(tx, release);
        List<PlannedStep> plan = Planner.back(
                manifests.environment(tx, release),
                steps.of(tx, release.id(), Direction.FORWARD),
                previous.map(Release::target).orElse(null),
                back.extent() == Extent.EVERYTHING);
        steps.add(tx, release.id(), Direction.BACK, plan);
        events.write(
                tx,
                release,
                new ReleaseRollingBack(
                        release.ref(),
                        back.reason(),
                        back.by(),
                        plan.stream().map(PlannedStep::name).toList()));
    }

    private void settled(Handle tx, Release before, Settled settled, Instant now) {
        work.noGates(tx, before.id());
        steps.stop(tx, before.id(), Direction.FORWARD, true, now);
        steps.stop(tx, before.id(), Direction.BACK, true, now);
        if (settled.course() != null) {
            if (settled.outcome() == Outcome.COMPLETED) {
                completed(tx, before, now);
            }
            environments.free(tx, before.application(), before.environment(), before.id());
        }
        finished(tx, before, settled, now);
        releases.waiting(tx, before.application(), before.environment())
                .forEach(other -> work.gates(tx, other.id(), now));
    }

    private void completed(Handle tx, Release release, Instant now) {
        environments.makeCurrent(tx, release.application(), release.environment(), release.id());
        ServiceChange change = new ServiceChange(new EnvironmentId(release.fullEnvironment()), release.artifact());
        String target = Optional.ofNullable(release.target()).orElse("default");
        events.write(tx, release, new ServiceUpgraded(change, new ServiceChange.Facts(release.ref(), target)));
        work.promote(tx, release.id(), now);
    }

    private void finished(Handle tx, Release release, Settled settled, Instant now) {
        UUID current = environments
                .find(tx, release.application(), release.environment())
                .current();
        String version = Optional.ofNullable(current)
                .flatMap(id -> releases.byId(tx, id))
                .map(Release::version)
                .orElse(null);
        events.write(
                tx,
                release,
                new ReleaseFinished(
                        ReleaseEvents.run(release, settled.outcome(), settled.reason()),
                        new ReleaseFinished.Facts(
                                release.ref(),
                                settled.outcome().tag(),
                                settled.reason(),
                                release.startedAt(),
                                now,
                                release.downtime(),
                                version)));
    }

    private Optional<Release> previous(Handle tx, Release release) {
        return Optional.ofNullable(release.previous()).flatMap(id -> releases.byId(tx, id));
    }
}
