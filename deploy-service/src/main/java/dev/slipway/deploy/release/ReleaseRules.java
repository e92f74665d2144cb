package dev.slipway.deploy.release;

import dev.slipway.deploy.plan.Direction;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.release.Decision.Ignore;
import dev.slipway.deploy.release.Decision.Move;
import dev.slipway.deploy.release.Decision.Refuse;
import dev.slipway.deploy.release.ReleaseSignal.CalledBack;
import dev.slipway.deploy.release.ReleaseSignal.Cancel;
import dev.slipway.deploy.release.ReleaseSignal.Choose;
import dev.slipway.deploy.release.ReleaseSignal.DeadlinePassed;
import dev.slipway.deploy.release.ReleaseSignal.GatesAnswered;
import dev.slipway.deploy.release.ReleaseSignal.Pause;
import dev.slipway.deploy.release.ReleaseSignal.PlanFinished;
import dev.slipway.deploy.release.ReleaseSignal.Preparation;
import dev.slipway.deploy.release.ReleaseSignal.Progress;
import dev.slipway.deploy.release.ReleaseSignal.Resume;
import dev.slipway.deploy.release.ReleaseSignal.Rollback;
import dev.slipway.deploy.release.ReleaseSignal.Started;
import dev.slipway.deploy.release.ReleaseSignal.StepBegan;
import dev.slipway.deploy.release.ReleaseSignal.StepBroke;
import dev.slipway.deploy.release.ReleaseSignal.StepDone;
import dev.slipway.deploy.release.ReleaseSignal.StepStuck;
import dev.slipway.deploy.release.ReleaseSignal.Superseded;
import dev.slipway.deploy.release.ReleaseSignal.Verdict;
import dev.slipway.deploy.release.ReleaseSignal.WatchHeld;
import dev.slipway.deploy.release.ReleaseSignal.WatchPassed;
import dev.slipway.deploy.release.ReleaseSignal.Wish;
import dev.slipway.deploy.release.ReleaseState.Active;
import dev.slipway.deploy.release.ReleaseState.Course;
import dev.slipway.deploy.release.ReleaseState.Gated;
import dev.slipway.deploy.release.ReleaseState.Held;
import dev.slipway.deploy.release.ReleaseState.Paused;
import dev.slipway.deploy.release.ReleaseState.Ready;
import dev.slipway.deploy.release.ReleaseState.RollingBack;
import dev.slipway.deploy.release.ReleaseState.Running;
import dev.slipway.deploy.release.ReleaseState.Settled;
import dev.slipway.deploy.release.ReleaseState.Waiting;
import dev.slipway.deploy.release.ReleaseState.Watching;
import dev.slipway.deploy.release.ReleaseState.WayBack;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What a signal does to a release: the whole machine, a pure function of state, signal and time.
///
/// The table, by state: `>` moves to a state, `=` stays and takes note, `x` refuses (not possible here), `·` ignores
/// (already so, or of no consequence any more). `RunningX` and `HeldX` have a schema the release before may not know;
/// `of` names what a paused or held release goes back to; deadlines are over. A test prints the same table.
///
/// ```text
/// Created
///   > Gated                       GatesAnswered closed
///   > Paused of Created           Pause
///   > Ready                       GatesAnswered open
///   > Settled cancelled           Cancel, DeadlinePassed
///   > Settled failed              GatesAnswered denied
///   > Settled superseded          Superseded
///   x                             Started, StepBegan deploy, StepBegan migrate X, StepBegan watch, StepBegan back,
///                                 StepDone, StepDone no change, StepDone back, StepBroke, StepBroke no change,
///                                 StepBroke back, StepStuck, StepStuck back, PlanFinished, PlanFinished back,
///                                 WatchPassed, WatchHeld, CalledBack, Rollback, Choose retry, Choose continue,
///                                 Choose rollback, Choose abandon
///   ·                             Resume
///
/// Gated
///   > Gated                       GatesAnswered closed
///   > Paused of Gated             Pause
///   > Ready                       GatesAnswered open
///   > Settled cancelled           Cancel, DeadlinePassed
///   > Settled failed              GatesAnswered denied
///   > Settled superseded          Superseded
///   x                             Started, StepBegan deploy, StepBegan migrate X, StepBegan watch, StepBegan back,
///                                 StepDone, StepDone no change, StepDone back, StepBroke, StepBroke no change,
///                                 StepBroke back, StepStuck, StepStuck back, PlanFinished, PlanFinished back,
///                                 WatchPassed, WatchHeld, CalledBack, Rollback, Choose retry, Choose continue,
///                                 Choose rollback, Choose abandon
///   ·                             Resume
///
/// Ready
///   > Gated                       GatesAnswered closed
///   > Paused of Ready             Pause
///   > Running                     Started
///   > Settled cancelled           Cancel, DeadlinePassed
///   > Settled failed              GatesAnswered denied
///   > Settled superseded          Superseded
///   x                             StepBegan deploy, StepBegan migrate X, StepBegan watch, StepBegan back, StepDone,
///                                 StepDone no change, StepDone back, StepBroke, StepBroke no change, StepBroke back,
///                                 StepStuck, StepStuck back, PlanFinished, PlanFinished back, WatchPassed, WatchHeld,
///                                 CalledBack, Rollback, Choose retry, Choose continue, Choose rollback,
///                                 Choose abandon
///   ·                             GatesAnswered open, Resume
///
/// Running
///   > Held of Running             StepStuck, WatchHeld
///   > Paused of Running           Pause
///   > RollingBack cancelled       Cancel
///   > RollingBack failed          StepBroke, StepBroke no change
///   > RollingBack rolledBack      CalledBack, Rollback
///   > RunningX                    StepBegan migrate X
///   > Settled completed           PlanFinished
///   > Watching                    StepBegan watch
///   =                             StepBegan deploy, StepDone, StepDone no change, WatchPassed
///   x                             StepBegan back, StepDone back, StepBroke back, StepStuck back, PlanFinished back,
///                                 Choose retry, Choose continue, Choose rollback, Choose abandon
///   ·                             GatesAnswered open, GatesAnswered closed, GatesAnswered denied, Started,
///                                 Superseded, Resume, DeadlinePassed
///
/// RunningX
///   > HeldX of Running            StepBroke, StepStuck, WatchHeld, CalledBack, Rollback, Cancel
///   > Paused of Running           Pause
///   > RollingBack failed          StepBroke no change
///   > Running                     StepDone no change
///   > Settled completed           PlanFinished
///   > WatchingX                   StepBegan watch
///   =                             StepBegan deploy, StepBegan migrate X, StepDone, WatchPassed
///   x                             StepBegan back, StepDone back, StepBroke back, StepStuck back, PlanFinished back,
///                                 Choose retry, Choose continue, Choose rollback, Choose abandon
///   ·                             GatesAnswered open, GatesAnswered closed, GatesAnswered denied, Started,
///                                 Superseded, Resume, DeadlinePassed
///
/// Watching
///   > Held of Watching            StepStuck, WatchHeld
///   > Paused of Watching          Pause
///   > RollingBack cancelled       Cancel
///   > RollingBack failed          StepBroke, StepBroke no change
///   > RollingBack rolledBack      CalledBack, Rollback
///   > Settled completed           PlanFinished
///   > WatchingX                   StepBegan migrate X
///   =                             StepBegan deploy, StepBegan watch, StepDone, StepDone no change, WatchPassed
///   x                             StepBegan back, StepDone back, StepBroke back, StepStuck back, PlanFinished back,
///                                 Choose retry, Choose continue, Choose rollback, Choose abandon
///   ·                             GatesAnswered open, GatesAnswered closed, GatesAnswered denied, Started,
///                                 Superseded, Resume, DeadlinePassed
///
/// Paused of Gated
///   > Gated                       Resume
///   > Settled cancelled           Cancel, DeadlinePassed
///   > Settled superseded          Superseded
///   x                             Started, StepBegan deploy, StepBegan migrate X, StepBegan watch, StepBegan back,
///                                 StepDone, StepDone no change, StepDone back, StepBroke, StepBroke no change,
///                                 StepBroke back, StepStuck, StepStuck back, WatchPassed, WatchHeld, CalledBack,
///                                 Rollback, Choose retry, Choose continue, Choose rollback, Choose abandon
///   ·                             GatesAnswered open, GatesAnswered closed, GatesAnswered denied, PlanFinished,
///                                 PlanFinished back, Pause
///
/// Paused of Running
///   > Held of Running             StepStuck, WatchHeld, DeadlinePassed
///   > RollingBack cancelled       Cancel
///   > RollingBack failed          StepBroke, StepBroke no change
///   > RollingBack rolledBack      CalledBack, Rollback
///   > Running                     Resume
///   =                             StepDone, StepDone no change, StepDone back, WatchPassed
///   x                             Started, StepBegan deploy, StepBegan migrate X, StepBegan watch, StepBegan back,
///                                 StepBroke back, StepStuck back, Choose retry, Choose continue, Choose rollback,
///                                 Choose abandon
///   ·                             GatesAnswered open, GatesAnswered closed, GatesAnswered denied, Superseded,
///                                 PlanFinished, PlanFinished back, Pause
///
/// Held of Running
///   > Held of Running             StepStuck
///   > RollingBack cancelled       Cancel
///   > RollingBack failed          StepBroke, StepBroke no change
///   > RollingBack maintenanceOnly Choose abandon
///   > RollingBack rolledBack      CalledBack, Rollback, Choose rollback, DeadlinePassed
///   > Running                     WatchPassed, Choose retry, Choose continue
///   =                             StepDone, StepDone no change
///   x                             StepBegan deploy, StepBegan migrate X, StepBegan watch, StepBegan back, Resume
///   ·                             GatesAnswered open, GatesAnswered closed, GatesAnswered denied, Started,
///                                 Superseded, StepDone back, StepBroke back, StepStuck back, PlanFinished,
///                                 PlanFinished back, WatchHeld, Pause
///
/// HeldX of Running
///   > Held of Running             StepDone no change
///   > HeldX of Running            StepBroke, StepStuck
///   > RollingBack failed          StepBroke no change
///   > RollingBack maintenanceOnly Choose abandon, DeadlinePassed
///   > RollingBack rolledBack      Rollback, Choose rollback
///   > RunningX                    WatchPassed, Choose retry, Choose continue
///   =                             StepDone
///   x                             StepBegan deploy, StepBegan migrate X, StepBegan watch, StepBegan back, Cancel,
///                                 Resume
///   ·                             GatesAnswered open, GatesAnswered closed, GatesAnswered denied, Started,
///                                 Superseded, StepDone back, StepBroke back, StepStuck back, PlanFinished,
///                                 PlanFinished back, WatchHeld, CalledBack, Pause
///
/// Held of RollingBack
///   > Held of RollingBack         StepBroke back, StepStuck back
///   > RollingBack rolledBack      Choose retry
///   > Settled failed              Choose abandon, DeadlinePassed
///   x                             StepBegan deploy, StepBegan migrate X, StepBegan watch, StepBegan back, Rollback,
///                                 Cancel, Resume, Choose continue, Choose rollback
///   ·                             GatesAnswered open, GatesAnswered closed, GatesAnswered denied, Started,
///                                 Superseded, StepDone, StepDone no change, StepDone back, StepBroke,
///                                 StepBroke no change, StepStuck, PlanFinished, PlanFinished back, WatchPassed,
///                                 WatchHeld, CalledBack, Pause
///
/// RollingBack
///   > Held of RollingBack         StepBroke back, StepStuck back
///   > Settled rolledBack          PlanFinished back
///   =                             StepBegan back, StepDone back
///   x                             StepBegan deploy, StepBegan migrate X, StepBegan watch, Pause, Choose retry,
///                                 Choose continue, Choose rollback, Choose abandon
///   ·                             GatesAnswered open, GatesAnswered closed, GatesAnswered denied, Started,
///                                 Superseded, StepDone, StepDone no change, StepBroke, StepBroke no change,
///                                 StepStuck, PlanFinished, WatchPassed, WatchHeld, CalledBack, Rollback, Cancel,
///                                 Resume, DeadlinePassed
///
/// Settled completed
///   x                             StepBegan deploy, StepBegan migrate X, StepBegan watch, StepBegan back, Rollback,
///                                 Cancel, Pause, Resume, Choose retry, Choose continue, Choose rollback,
///                                 Choose abandon
///   ·                             GatesAnswered open, GatesAnswered closed, GatesAnswered denied, Started,
///                                 Superseded, StepDone, StepDone no change, StepDone back, StepBroke,
///                                 StepBroke no change, StepBroke back, StepStuck, StepStuck back, PlanFinished,
///                                 PlanFinished back, WatchPassed, WatchHeld, CalledBack, DeadlinePassed
///
/// Settled rolledBack
///   x                             StepBegan deploy, StepBegan migrate X, StepBegan watch, StepBegan back, Cancel,
///                                 Pause, Resume, Choose retry, Choose continue, Choose rollback, Choose abandon
///   ·                             GatesAnswered open, GatesAnswered closed, GatesAnswered denied, Started,
///                                 Superseded, StepDone, StepDone no change, StepDone back, StepBroke,
///                                 StepBroke no change, StepBroke back, StepStuck, StepStuck back, PlanFinished,
///                                 PlanFinished back, WatchPassed, WatchHeld, CalledBack, Rollback, DeadlinePassed
///
/// Settled cancelled
///   x                             StepBegan deploy, StepBegan migrate X, StepBegan watch, StepBegan back, Rollback,
///                                 Pause, Resume, Choose retry, Choose continue, Choose rollback, Choose abandon
///   ·                             GatesAnswered open, GatesAnswered closed, GatesAnswered denied, Started,
///                                 Superseded, StepDone, StepDone no change, StepDone back, StepBroke,
///                                 StepBroke no change, StepBroke back, StepStuck, StepStuck back, PlanFinished,
///                                 PlanFinished back, WatchPassed, WatchHeld, CalledBack, Cancel, DeadlinePassed
/// ```
public final class ReleaseRules {
    /// How long a started release may be paused before somebody has to choose.
    static final Duration PAUSED_FOR = Duration.ofHours(24);

    /// How long a release waits for its gates.
    public static final Duration WAITS_FOR = Duration.ofDays(7);

    private ReleaseRules() {}

    public static Decision decide(ReleaseState state, ReleaseSignal signal, Instant now) {
        return switch (state) {
            case Waiting waiting -> waiting(waiting, signal, now);
            case Active active -> active(active, signal, now);
            case Paused paused -> paused(paused, signal, now);
            case Held held -> HeldRules.decide(held, signal, now);
            case RollingBack back -> rollingBack(back, signal, now);
            case Settled settled -> settled(settled, signal);
        };
    }

    private static Decision waiting(Waiting state, ReleaseSignal signal, Instant now) {
        return switch (signal) {
            case GatesAnswered answers -> gatesAnswered(state, answers, now);
            case Started started ->
                state instanceof Ready
                        ? new Move(
                                new Running(new Course(started.number(), now, started.wayBack())),
                                "started as v" + started.number())
                        : new Refuse("its gates are not open");
            case Superseded superseded ->
                Moves.settle(Outcome.SUPERSEDED, "a newer candidate waits: release " + superseded.newer(), null, now);
            case Progress _, Verdict _ -> new Refuse("has not started");
            case Rollback _ -> new Refuse("nothing has been changed that could be rolled back; cancel it");
            case Cancel cancel -> Moves.settle(Outcome.CANCELLED, Moves.said(cancel.by(), cancel.reason()), null, now);
            case Pause pause ->
                new Move(
                        new Paused(state, pause.by(), pause.reason(), now, state.deadline()),
                        Moves.said(pause.by(), pause.reason()));
            case Resume _ -> new Ignore("is not paused");
            case Choose _ -> new Refuse("asks nothing");
            case DeadlinePassed _ ->
                now.isBefore(state.deadline())
                        ? new Ignore("has time until " + state.deadline())
                        : Moves.settle(Outcome.CANCELLED, "its gates did not open by " + state.deadline(), null, now);
        };
    }

    private static Decision gatesAnswered(Waiting state, GatesAnswered answers, Instant now) {
        if (answers.denied() != null) {
            return Moves.settle(Outcome.FAILED, answers.denied(), null, now);
        }
        Waiting next = answers.open() ? new Ready(state.deadline()) : new Gated(answers.closed(), state.deadline());
        if (next.equals(state)) {
            return new Ignore("the gates say the same as before");
        }
        return new Move(next, answers.open() ? "all gates are open" : "closed: " + String.join(", ", answers.closed()));
    }

    private static Decision active(Active state, ReleaseSignal signal, Instant now) {
        return switch (signal) {
            case Preparation _ -> new Ignore("has started");
            case Progress progress
            when progress.direction() == Direction.BACK -> new Refuse("is not being rolled back");
            case StepBegan began ->
                new Move(
                        begin(state, began, now),
                        "a step begins: " + began.kind().tag());
            case StepDone done -> new Move(Moves.after(state, done.reopensWayBack()), "a step is done");
            case StepBroke broke -> broke(state, broke, now);
            case StepStuck stuck -> Moves.stuck(state, stuck.step(), stuck.reason(), now);
            case PlanFinished _ ->
                Moves.settle(Outcome.COMPLETED, "every step of the plan is done", state.course(), now);
            case WatchPassed passed -> new Move(state, passed.reason());
            case WatchHeld watch -> Moves.undecided(state, watch, now);
            case CalledBack watch -> Moves.undo(state, Outcome.ROLLED_BACK, "watch", watch.reason(), now);
            case Rollback wish -> Moves.undo(state, Outcome.ROLLED_BACK, wish.by(), wish.reason(), now);
            case Cancel wish -> Moves.undo(state, Outcome.CANCELLED, wish.by(), wish.reason(), now);
            case Pause wish ->
                new Move(
                        new Paused(state, wish.by(), wish.reason(), now, now.plus(PAUSED_FOR)),
                        Moves.said(wish.by(), wish.reason()));
            case Resume _ -> new Ignore("is not paused");
            case Choose _ -> new Refuse("asks nothing");
            case DeadlinePassed _ -> new Ignore("its steps have deadlines of their own");
        };
    }

    private static Decision paused(Paused state, ReleaseSignal signal, Instant now) {
        return switch (signal) {
            case GatesAnswered _ -> new Ignore("is paused");
            case Started _ -> new Refuse("is paused");
            case StepBegan _ -> new Refuse("is paused");
            case StepDone done ->
                state.of() instanceof Active active
                        ? new Move(
                                new Paused(
                                        Moves.after(active, done.reopensWayBack()),
                                        state.by(),
                                        state.reason(),
                                        state.since(),
                                        state.deadline()),
                                "a step that ran when the pause came is done")
                        : decide(state.of(), signal, now);
            case PlanFinished _ -> new Ignore("is paused; goes on when it is resumed");
            case WatchPassed passed ->
                state.of() instanceof Active ? new Move(state, passed.reason()) : decide(state.of(), signal, now);
            case Superseded _, StepBroke _, StepStuck _, WatchHeld _, CalledBack _, Rollback _, Cancel _ ->
                decide(state.of(), signal, now);
            case Pause _ -> new Ignore("is paused already");
            case Resume resume -> new Move(state.of(), "resumed by " + resume.by());
            case Choose _ -> new Refuse("asks nothing; resume it");
            case DeadlinePassed _ -> pauseIsOver(state, now);
        };
    }

    private static Decision pauseIsOver(Paused state, Instant now) {
        if (now.isBefore(state.deadline())) {
            return new Ignore("may be paused until " + state.deadline());
        }
        return switch (state.of()) {
            case Waiting waiting -> decide(waiting, new DeadlinePassed(), now);
            case Active active ->
                Moves.hold(active, null, "paused since " + state.since(), List.of(Choice.CONTINUE), now);
        };
    }

    private static Decision rollingBack(RollingBack state, ReleaseSignal signal, Instant now) {
        return switch (signal) {
            case Preparation _ -> new Ignore("is being undone");
            case StepBegan began ->
                began.direction() == Direction.BACK
                        ? new Move(state, "a step begins: " + began.kind().tag())
                        : new Refuse("is being undone");
            case Progress progress
            when progress.direction() == Direction.FORWARD ->
                new Ignore("is being undone; this step belongs to the plan that is undone");
            case StepDone _ -> new Move(state, "a step is done");
            case StepBroke broke -> Moves.stuck(state, broke.step(), broke.reason(), now);
            case StepStuck stuck -> Moves.stuck(state, stuck.step(), stuck.reason(), now);
            case PlanFinished _ -> Moves.settle(state.outcome(), state.reason(), state.course(), now);
            case Verdict _ -> new Ignore("is being undone already");
            case Rollback _, Cancel _ -> new Ignore("is being undone already: " + state.reason());
            case Pause _ -> new Refuse("is being undone; that is not paused");
            case Resume _ -> new Ignore("is not paused");
            case Choose _ -> new Refuse("asks nothing");
            case DeadlinePassed _ -> new Ignore("its steps have deadlines of their own");
        };
    }

    private static Decision settled(Settled state, ReleaseSignal signal) {
        String is = "is " + state.outcome().tag();
        return switch (signal) {
            case StepBegan _ -> new Refuse(is);
            case Preparation _, Progress _, Verdict _, DeadlinePassed _ -> new Ignore(is);
            case Cancel _ when state.outcome() == Outcome.CANCELLED -> new Ignore(is + " already");
            case Rollback _ when state.outcome() == Outcome.ROLLED_BACK -> new Ignore(is + " already");
            case Wish _ -> new Refuse(is);
        };
    }

    private static Active begin(Active state, StepBegan began, Instant now) {
        Course course = state.course();
        if (began.closesWayBack() && course.wayBack() == WayBack.OPEN) {
            course = course.with(WayBack.CLOSED);
        }
        return began.kind() == StepKind.WATCH && state instanceof Running
                ? new Watching(course, now)
                : state.on(course);
    }

    private static Decision broke(Active state, StepBroke broke, Instant now) {
        Active after = Moves.after(state, broke.reopensWayBack());
        return after.course().wayBack() == WayBack.CLOSED
                ? Moves.stuck(after, broke.step(), broke.reason(), now)
                : Moves.undo(after, Outcome.FAILED, "slipway", broke.reason(), now);
    }
}
