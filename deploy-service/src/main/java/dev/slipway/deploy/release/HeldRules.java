package dev.slipway.deploy.release;

import dev.slipway.deploy.plan.Direction;
import dev.slipway.deploy.release.Decision.Ignore;
import dev.slipway.deploy.release.Decision.Move;
import dev.slipway.deploy.release.Decision.Refuse;
import dev.slipway.deploy.release.ReleaseSignal.CalledBack;
import dev.slipway.deploy.release.ReleaseSignal.Cancel;
import dev.slipway.deploy.release.ReleaseSignal.Choose;
import dev.slipway.deploy.release.ReleaseSignal.DeadlinePassed;
import dev.slipway.deploy.release.ReleaseSignal.Pause;
import dev.slipway.deploy.release.ReleaseSignal.PlanFinished;
import dev.slipway.deploy.release.ReleaseSignal.Preparation;
import dev.slipway.deploy.release.ReleaseSignal.Progress;
import dev.slipway.deploy.release.ReleaseSignal.Resume;
import dev.slipway.deploy.release.ReleaseSignal.Rollback;
import dev.slipway.deploy.release.ReleaseSignal.StepBegan;
import dev.slipway.deploy.release.ReleaseSignal.StepBroke;
import dev.slipway.deploy.release.ReleaseSignal.StepDone;
import dev.slipway.deploy.release.ReleaseSignal.StepStuck;
import dev.slipway.deploy.release.ReleaseSignal.WatchHeld;
import dev.slipway.deploy.release.ReleaseSignal.WatchPassed;
import dev.slipway.deploy.release.ReleaseState.Active;
import dev.slipway.deploy.release.ReleaseState.Extent;
import dev.slipway.deploy.release.ReleaseState.Held;
import dev.slipway.deploy.release.ReleaseState.RollingBack;
import dev.slipway.deploy.release.ReleaseState.UnderWay;
import dev.slipway.deploy.release.ReleaseState.WayBack;
import java.time.Instant;
import java.util.Objects;

/// What a signal does to a release that stands still until a person chooses; the part of [ReleaseRules] for [Held].
final class HeldRules {
    private HeldRules() {}

    static Decision decide(Held state, ReleaseSignal signal, Instant now) {
        return switch (signal) {
            case Preparation _ -> new Ignore("has started");
            case StepBegan _ -> new Refuse("is held: " + state.reason());
            case StepDone done -> heldStepDone(state, done);
            case StepBroke broke -> heldAgain(state, broke, now);
            case StepStuck stuck -> heldAgain(state, stuck, now);
            case PlanFinished _ -> new Ignore("is held: " + state.reason());
            case WatchPassed passed -> heldWatchPassed(state, passed);
            case WatchHeld _ -> new Ignore("is held already");
            case CalledBack watch -> heldCalledBack(state, watch, now);
            case Rollback wish -> choose(state, Choice.ROLLBACK, wish.by(), wish.reason(), now);
            case Cancel wish -> heldCancel(state, wish, now);
            case Pause _ -> new Ignore("stands still already: " + state.reason());
            case Resume _ -> new Refuse("is held, not paused; choose one of " + Moves.tags(state.choices()));
            case Choose wish -> choose(state, wish.choice(), wish.by(), wish.reason(), now);
            case DeadlinePassed _ ->
                now.isBefore(state.deadline())
                        ? new Ignore("may be answered until " + state.deadline())
                        : choose(state, fallback(state.of()), "slipway", "nobody chose by " + state.deadline(), now);
        };
    }

    private static Decision heldStepDone(Held state, StepDone done) {
        return switch (state.of()) {
            case Active active
            when done.direction() == Direction.FORWARD ->
                new Move(
                        new Held(
                                Moves.after(active, done.reopensWayBack()),
                                state.step(),
                                state.reason(),
                                state.choices(),
                                state.since(),
                                state.deadline()),
                        "a step that ran when the release was held is done");
            case Active _, RollingBack _ -> new Ignore("is held: " + state.reason());
        };
    }

    /// What a step that still ran has to say is news when it belongs to the plan that is held.
    private static Decision heldAgain(Held state, Progress progress, Instant now) {
        Direction held = state.of() instanceof RollingBack ? Direction.BACK : Direction.FORWARD;
        return held == progress.direction()
                ? ReleaseRules.decide(state.of(), progress, now)
                : new Ignore("is held: " + state.reason());
    }

    private static Decision heldWatchPassed(Held state, WatchPassed passed) {
        return switch (state.of()) {
            case Active active
            when Objects.equals(state.step(), passed.step()) ->
                new Move(active, "the evidence came after all: " + passed.reason());
            case Active _ -> new Move(state, passed.reason());
            case RollingBack _ -> new Ignore("is being undone already");
        };
    }

    private static Decision heldCalledBack(Held state, CalledBack watch, Instant now) {
        return switch (state.of()) {
            case Active active
            when active.course().wayBack() != WayBack.CLOSED ->
                Moves.back(active, Outcome.ROLLED_BACK, Extent.EVERYTHING, "watch", watch.reason(), now);
            case Active _ -> new Ignore("is held already, and a person chooses");
            case RollingBack _ -> new Ignore("is being undone already");
        };
    }

    private static Decision heldCancel(Held state, Cancel wish, Instant now) {
        return switch (state.of()) {
            case Active active
            when active.course().wayBack() != WayBack.CLOSED ->
                Moves.back(active, Outcome.CANCELLED, Extent.EVERYTHING, wish.by(), wish.reason(), now);
            case Active _, RollingBack _ -> new Refuse("is held; choose one of " + Moves.tags(state.choices()));
        };
    }

    private static Choice fallback(UnderWay state) {
        return switch (state) {
            case Active active when active.course().wayBack() != WayBack.CLOSED -> Choice.ROLLBACK;
            case Active _, RollingBack _ -> Choice.ABANDON;
        };
    }

    private static Decision choose(Held state, Choice choice, String by, String reason, Instant now) {
        if (!state.choices().contains(choice)) {
            return new Refuse("may not choose " + choice.tag() + "; choose one of " + Moves.tags(state.choices()));
        }
        return switch (choice) {
            case RETRY, CONTINUE -> new Move(state.of(), choice.tag() + ": " + Moves.said(by, reason));
            case ROLLBACK -> chosenBack(state, Outcome.ROLLED_BACK, Extent.EVERYTHING, by, reason, now);
            case ABANDON -> chosenBack(state, Outcome.FAILED, Extent.MAINTENANCE_ONLY, by, reason, now);
        };
    }

    private static Decision chosenBack(
            Held state, Outcome outcome, Extent extent, String by, String reason, Instant now) {
        String why = state.reason() + "; " + Moves.said(by, reason);
        return switch (state.of()) {
            case Active active -> Moves.back(active, outcome, extent, by, why, now);
            case RollingBack back -> Moves.settle(Outcome.FAILED, "could not be undone: " + why, back.course(), now);
        };
    }
}
