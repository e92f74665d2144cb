package dev.slipway.deploy.step;

import static java.time.temporal.ChronoUnit.MICROS;

import dev.slipway.deploy.plan.Direction;
import dev.slipway.deploy.plan.Step;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.plan.StepState;
import dev.slipway.deploy.plan.Steps;
import dev.slipway.deploy.release.Release;
import dev.slipway.deploy.release.ReleaseEvents;
import dev.slipway.deploy.release.ReleaseSignal.PlanFinished;
import dev.slipway.deploy.release.ReleaseSignal.StepBroke;
import dev.slipway.deploy.release.ReleaseSignal.StepDone;
import dev.slipway.deploy.release.ReleaseSignal.StepStuck;
import dev.slipway.deploy.release.ReleaseWork;
import dev.slipway.deploy.release.Releases;
import dev.slipway.deploy.release.SignalRelease;
import dev.slipway.deploy.step.StepResult.Broke;
import dev.slipway.deploy.step.StepResult.Done;
import dev.slipway.deploy.step.StepResult.Fact;
import dev.slipway.deploy.step.StepResult.NotYet;
import dev.slipway.deploy.step.StepResult.Stuck;
import dev.slipway.events.StepFinished;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Writes down how a step went, tells the release and everybody else, and makes the next step due: one transaction, the
/// one that ends the claim on the work.
@Singleton
final class RecordStep {
    private final Releases releases;
    private final Steps steps;
    private final SignalRelease signals;
    private final ReleaseEvents events;
    private final ReleaseWork work;
    private final Clock clock;

    RecordStep(
            Releases releases,
            Steps steps,
            SignalRelease signals,
            ReleaseEvents events,
            ReleaseWork work,
            Clock clock) {
        this.releases = releases;
        this.steps = steps;
        this.signals = signals;
        this.events = events;
        this.work = work;
        this.clock = clock;
    }

    void waits(Handle tx, StepContext context, NotYet wait, boolean late) {
        Step step = context.step();
        tell(tx, context, wait);
        if (goesOn(tx, step)) {
            steps.await(tx, step.id(), wait.why(), wait.lines(), wait.asked(), now());
            if (late) {
                steps.note(tx, step.id(), wait.why() + "; its time is over", now());
            }
        }
    }

    void triesAgain(Handle tx, StepContext context, Broke broke) {
        tell(tx, context, broke);
        if (goesOn(tx, context.step())) {
            steps.retry(tx, context.step().id(), broke.reason(), broke.lines());
        }
    }

    void done(Handle tx, StepContext context, Done done) {
        Step step = context.step();
        Release release = context.release();
        tell(tx, context, done);
        if (over(tx, step)) {
            return;
        }
        finish(tx, context, StepState.DONE, "done", done.evidence(), done);
        signals.send(tx, release.id(), new StepDone(step.id(), step.direction(), unchangedSchema(step, done)));
        boolean ours = releases.existing(tx, release.id()).state().direction() == step.direction();
        if (!ours) {
            // paused, held or called back meanwhile: whatever comes next is due already
            return;
        }
        if (steps.next(tx, release.id(), step.direction()).isEmpty()) {
            signals.send(tx, release.id(), new PlanFinished(step.direction()));
        } else {
            work.step(tx, release.id(), now());
        }
    }

    void broke(Handle tx, StepContext context, Broke broke) {
        Step step = context.step();
        tell(tx, context, broke);
        if (over(tx, step)) {
            return;
        }
        finish(tx, context, StepState.BROKEN, "broken", broke.reason(), broke);
        signals.send(
                tx,
                context.release().id(),
                new StepBroke(
                        step.id(),
                        step.direction(),
                        "%s: %s".formatted(step.name(), broke.reason()),
                        unchangedSchema(step, broke)));
    }

    /// The step stays as it is: evidence may come after all, or a person says what to make of it.
    void stuck(Handle tx, StepContext context, Stuck stuck) {
        Step step = context.step();
        tell(tx, context, stuck);
        if (over(tx, step)) {
            return;
        }
        steps.await(tx, step.id(), stuck.reason(), stuck.lines(), false, now());
        signals.send(
                tx,
                context.release().id(),
                new StepStuck(step.id(), step.direction(), "%s: %s".formatted(step.name(), stuck.reason())));
    }

    private void tell(Handle tx, StepContext context, StepResult result) {
        for (Fact fact : result.facts()) {
            switch (fact) {
                case Fact.MaintenanceOn on ->
                    releases.maintenanceOn(tx, context.release().id(), on.since());
                case Fact.MaintenanceOff off ->
                    releases.maintenanceOff(tx, context.release().id(), off.at());
                case Fact.Schema schema ->
                    releases.schemaVersion(tx, context.release().id(), schema.version());
            }
        }
        result.events()
                .forEach(event ->
                        events.write(tx, context.release(), context.step().id(), event));
    }

    private void finish(
            Handle tx, StepContext context, StepState state, String outcome, String evidence, StepResult result) {
        Step step = context.step();
        Instant now = now();
        steps.finish(tx, step.id(), state, evidence, result.lines(), now);
        events.write(
                tx,
                context.release(),
                new StepFinished(
                        context.release().ref(),
                        step.id(),
                        step.name(),
                        step.kind().tag(),
                        outcome,
                        evidence,
                        Optional.ofNullable(step.startedAt()).orElse(now),
                        now));
    }

    /// Whether the step's plan is still the one that is carried out, or will be again.
    private boolean goesOn(Handle tx, Step step) {
        Direction direction =
                releases.lock(tx, step.release()).orElseThrow().state().direction();
        return !over(tx, step) && (direction == null || direction == step.direction());
    }

    /// Whether somebody ended the step while it was at work.
    private boolean over(Handle tx, Step step) {
        releases.lock(tx, step.release());
        return steps.byId(tx, step.id()).orElseThrow().state().over();
    }

    private static boolean unchangedSchema(Step step, StepResult result) {
        return step.kind() == StepKind.MIGRATE
                && result.facts().stream().anyMatch(fact -> fact instanceof Fact.Schema schema && !schema.changed());
    }

    private Instant now() {
        return clock.instant().truncatedTo(MICROS);
    }
}
