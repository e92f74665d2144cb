package dev.slipway.deploy.step;

import static java.time.temporal.ChronoUnit.MICROS;

import dev.slipway.deploy.plan.Direction;
import dev.slipway.deploy.plan.Step;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.plan.StepState;
import dev.slipway.deploy.plan.Steps;
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
import java.util.UUID;
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
    private final StepMetrics metrics;

    RecordStep(
            Releases releases,
            Steps steps,
            SignalRelease signals,
            ReleaseEvents events,
            ReleaseWork work,
            Clock clock,
            StepMetrics metrics) {
        this.releases = releases;
        this.steps = steps;
        this.signals = signals;
        this.events = events;
        this.work = work;
        this.clock = clock;
        this.metrics = metrics;
    }

    void waits(Handle tx, StepContext context, NotYet wait, boolean late) {
        Step step = context.step();
        tell(tx, context, wait);
        switch (standing(tx, step)) {
            case WANTED -> {
                steps.await(tx, step.id(), wait.why(), wait.lines(), wait.asked(), now());
                if (late) {
                    steps.note(tx, step.id(), wait.why() + "; its time is over", now());
                }
            }
            case UNDONE -> stopped(tx, step, wait.why(), wait);
            case OVER -> {}
        }
    }

    void triesAgain(Handle tx, StepContext context, Broke broke) {
        Step step = context.step();
        tell(tx, context, broke);
        switch (standing(tx, step)) {
            case WANTED -> steps.retry(tx, step.id(), broke.reason(), broke.lines());
            case UNDONE -> stopped(tx, step, broke.reason(), broke);
            case OVER -> {}
        }
    }

    void done(Handle tx, StepContext context, Done done) {
        Step step = context.step();
        UUID release = step.release();
        tell(tx, context, done);
        Standing standing = standing(tx, step);
        if (standing == Standing.OVER) {
            return;
        }
        finish(tx, context, StepState.DONE, "done", done.evidence(), done);
        signals.send(tx, release, new StepDone(step.id(), step.direction(), unchangedSchema(step, done)));
        if (standing == Standing.WANTED
                && steps.next(tx, release, step.direction()).isEmpty()) {
            signals.send(tx, release, new PlanFinished(step.direction()));
        } else {
            work.step(tx, release, now());
        }
    }

    void broke(Handle tx, StepContext context, Broke broke) {
        Step step = context.step();
        tell(tx, context, broke);
        if (standing(tx, step) == Standing.OVER) {
            return;
        }
        finish(tx, context, StepState.BROKEN, "broken", broke.reason(), broke);
        String reason = "%s: %s".formatted(step.name(), broke.reason());
        signals.send(
                tx, step.release(), new StepBroke(step.id(), step.direction(), reason, unchangedSchema(step, broke)));
        work.step(tx, step.release(), now());
    }

    /// The step stays as it is: evidence may come after all, or a person says what to make of it.
    void stuck(Handle tx, StepContext context, Stuck stuck) {
        Step step = context.step();
        tell(tx, context, stuck);
        switch (standing(tx, step)) {
            case WANTED -> {
                steps.await(tx, step.id(), stuck.reason(), stuck.lines(), false, now());
                String reason = "%s: %s".formatted(step.name(), stuck.reason());
                signals.send(tx, step.release(), new StepStuck(step.id(), step.direction(), reason));
            }
            case UNDONE -> stopped(tx, step, stuck.reason(), stuck);
            case OVER -> {}
        }
    }

    /// Its plan is being undone: nobody waits for it any more, and the other plan may go on.
    private void stopped(Handle tx, Step step, String why, StepResult result) {
        Instant now = now();
        steps.finish(tx, step.id(), StepState.STOPPED, why, result.lines(), now);
        tx.afterCommit(() -> metrics.finished(step, StepState.STOPPED, now));
        work.step(tx, step.release(), now());
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
        tx.afterCommit(() -> metrics.finished(step, state, now));
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

    /// What has become of a step's plan while the step was at work.
    private enum Standing {
        /// It is carried out, or will be again.
        WANTED,
        /// It is being undone.
        UNDONE,
        /// Somebody ended the step.
        OVER
    }

    private Standing standing(Handle tx, Step step) {
        Direction direction =
                releases.lock(tx, step.release()).orElseThrow().state().direction();
        if (steps.byId(tx, step.id()).orElseThrow().state().over()) {
            return Standing.OVER;
        }
        return direction == null || direction == step.direction() ? Standing.WANTED : Standing.UNDONE;
    }

    private static boolean unchangedSchema(Step step, StepResult result) {
        return step.kind() == StepKind.MIGRATE
                && result.facts().stream().anyMatch(fact -> fact instanceof Fact.Schema schema && !schema.changed());
    }

    private Instant now() {
        return clock.instant().truncatedTo(MICROS);
    }
}
