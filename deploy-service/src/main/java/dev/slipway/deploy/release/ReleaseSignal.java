package dev.slipway.deploy.release;

import dev.slipway.deploy.plan.Direction;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.release.ReleaseState.WayBack;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What may happen to a release.
public sealed interface ReleaseSignal {
    /// Before the start.
    sealed interface Preparation extends ReleaseSignal {}

    /// From the plan's steps.
    sealed interface Progress extends ReleaseSignal {
        Direction direction();
    }

    /// From the watch.
    sealed interface Verdict extends ReleaseSignal {}

    /// From people.
    sealed interface Wish extends ReleaseSignal {
        String by();
    }

    /// Every gate answered. @param closed those that are not open; @param denied why it can never start, if so
    record GatesAnswered(List<String> closed, @Nullable String denied) implements Preparation {
        public GatesAnswered {
            closed = List.copyOf(closed);
        }

        boolean open() {
            return closed.isEmpty() && denied == null;
        }
    }

    /// The environment is taken and a number given.
    record Started(int number, WayBack wayBack) implements Preparation {}

    /// A newer candidate waits for the same environment.
    record Superseded(UUID newer) implements Preparation {}

    /// A step is about to be tried. @param closesWayBack it may change the schema in a way the release before does not
    /// know
    record StepBegan(UUID step, StepKind kind, Direction direction, boolean closesWayBack) implements Progress {}

    /// @param reopensWayBack it turned out that the schema has not changed
    record StepDone(UUID step, Direction direction, boolean reopensWayBack) implements Progress {}

    /// A step failed for good. @param reopensWayBack it turned out that the schema has not changed
    record StepBroke(UUID step, Direction direction, String reason, boolean reopensWayBack) implements Progress {}

    /// Only a person can say what to make of a step.
    record StepStuck(UUID step, Direction direction, String reason) implements Progress {}

    /// No step is left.
    record PlanFinished(Direction direction) implements Progress {}

    /// The watch lets the traffic step pass, or ended well.
    record WatchPassed(UUID step, String reason) implements Verdict {}

    /// The watch can tell neither way. @param kind of the step it held; only a traffic step can be watched anew
    record WatchHeld(UUID step, StepKind kind, String reason) implements Verdict {}

    /// The watch calls the release back.
    record CalledBack(String reason) implements Verdict {}

    record Rollback(String by, String reason) implements Wish {}

    record Cancel(String by, String reason) implements Wish {}

    record Pause(String by, String reason) implements Wish {}

    record Resume(String by) implements Wish {}

    record Choose(Choice choice, String by, String reason) implements Wish {}

    /// The time the state was given is over.
    record DeadlinePassed() implements ReleaseSignal {}
}
