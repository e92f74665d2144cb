package dev.slipway.deploy.release;

import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.release.Decision.Move;
import dev.slipway.deploy.release.ReleaseSignal.WatchHeld;
import dev.slipway.deploy.release.ReleaseState.Active;
import dev.slipway.deploy.release.ReleaseState.Course;
import dev.slipway.deploy.release.ReleaseState.Extent;
import dev.slipway.deploy.release.ReleaseState.Held;
import dev.slipway.deploy.release.ReleaseState.RollingBack;
import dev.slipway.deploy.release.ReleaseState.Settled;
import dev.slipway.deploy.release.ReleaseState.UnderWay;
import dev.slipway.deploy.release.ReleaseState.WayBack;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The moves that more than one state makes: hold, undo, settle.
final class Moves {
    /// How long a held release waits for a person before the safe way is taken.
    static final Duration HELD_FOR = Duration.ofHours(4);

    private Moves() {}

    static Active after(Active state, boolean reopensWayBack) {
        return reopensWayBack && state.course().wayBack() == WayBack.CLOSED
                ? state.on(state.course().with(WayBack.OPEN))
                : state;
    }

    static Decision stuck(UnderWay state, UUID step, String reason, Instant now) {
        return switch (state) {
            case Active active -> hold(active, step, reason, List.of(Choice.RETRY, Choice.CONTINUE), now);
            case RollingBack back ->
                new Move(
                        new Held(back, step, reason, List.of(Choice.RETRY, Choice.ABANDON), now, now.plus(HELD_FOR)),
                        reason);
        };
    }

    /// A traffic step can be shifted to again, which gives its watch new time; the strict watch has no shift of its
    /// own.
    static Move undecided(Active state, WatchHeld watch, Instant now) {
        List<Choice> forward =
                watch.kind() == StepKind.TRAFFIC ? List.of(Choice.RETRY, Choice.CONTINUE) : List.of(Choice.CONTINUE);
        return hold(state, watch.step(), watch.reason(), forward, now);
    }

    static Move hold(Active state, @Nullable UUID step, String reason, List<Choice> forward, Instant now) {
        List<Choice> choices = new ArrayList<>(forward);
        choices.add(Choice.ROLLBACK);
        choices.add(Choice.ABANDON);
        return new Move(new Held(state, step, reason, choices, now, now.plus(HELD_FOR)), reason);
    }

    /// Undoes what may be undone without asking; otherwise a person is told what is at stake and chooses.
    static Decision undo(Active state, Outcome outcome, String by, String reason, Instant now) {
        return switch (state.course().wayBack()) {
            case OPEN, NONE -> back(state, outcome, Extent.EVERYTHING, by, reason, now);
            case CLOSED ->
                hold(
                        state,
                        null,
                        said(by, reason) + "; but the schema has changed in a way the release before may not know",
                        List.of(Choice.CONTINUE),
                        now);
        };
    }

    static Move back(Active state, Outcome outcome, Extent extent, String by, String reason, Instant now) {
        boolean nowhere = state.course().wayBack() == WayBack.NONE && outcome == Outcome.ROLLED_BACK;
        String why = nowhere ? reason + "; there is no release before to go back to" : reason;
        return new Move(
                new RollingBack(state.course(), nowhere ? Outcome.FAILED : outcome, extent, by, why, now),
                said(by, why));
    }

    static Move settle(Outcome outcome, String reason, @Nullable Course course, Instant now) {
        return new Move(new Settled(outcome, reason, course, now), reason);
    }

    static String said(String by, String reason) {
        return reason.isBlank() ? by : by + ": " + reason;
    }

    static String tags(List<Choice> choices) {
        return String.join(", ", choices.stream().map(Choice::tag).toList());
    }
}
