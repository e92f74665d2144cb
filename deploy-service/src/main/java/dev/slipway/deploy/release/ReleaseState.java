package dev.slipway.deploy.release;

import dev.slipway.deploy.plan.Direction;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Where a release stands. Each state holds only what has a meaning there; what may follow is in [ReleaseRules].
public sealed interface ReleaseState {
    /// Not started: changes nothing outside, may still be superseded.
    sealed interface Waiting extends Pausable permits Created, Gated, Ready {
        /// When it lapses.
        Instant deadline();
    }

    /// What a pause may interrupt.
    sealed interface Pausable extends ReleaseState permits Waiting, Active {}

    /// Its own plan is being carried out.
    sealed interface Active extends Pausable, UnderWay permits Running, Watching {
        Active on(Course course);
    }

    /// A plan is being carried out, forward or back; holds the environment.
    sealed interface UnderWay extends ReleaseState permits Active, RollingBack {
        Course course();
    }

    /// Nobody has asked the gates yet.
    record Created(Instant deadline) implements Waiting {}

    /// At least one gate is not open. @param closed their names
    record Gated(List<String> closed, Instant deadline) implements Waiting {
        public Gated {
            closed = List.copyOf(closed);
        }
    }

    /// Every gate is open; starts as soon as it has taken the environment.
    record Ready(Instant deadline) implements Waiting {}

    /// Steps of the plan are being done.
    record Running(Course course) implements Active {
        @Override
        public Running on(Course changed) {
            return new Running(changed);
        }
    }

    /// All traffic is on the candidate; the strict watch after 100 % decides.
    record Watching(Course course, Instant since) implements Active {
        @Override
        public Watching on(Course changed) {
            return new Watching(changed, since);
        }
    }

    /// A person stopped it between two steps. @param deadline after which somebody has to choose
    record Paused(Pausable of, String by, String reason, Instant since, Instant deadline) implements ReleaseState {}

    /// Stands still until a person chooses.
    ///
    /// @param of what it goes back to
    /// @param step the step that stopped it; absent when no step did
    /// @param deadline when the safe way is taken without a person
    record Held(UnderWay of, @Nullable UUID step, String reason, List<Choice> choices, Instant since, Instant deadline)
            implements ReleaseState {
        public Held {
            choices = List.copyOf(choices);
        }
    }

    /// What was done is being undone. @param outcome as what it will be settled; @param by who or what called it back
    record RollingBack(Course course, Outcome outcome, Extent extent, String by, String reason, Instant since)
            implements UnderWay {}

    /// Over. @param course absent when it never started
    record Settled(Outcome outcome, String reason, @Nullable Course course, Instant at) implements ReleaseState {}

    /// A release that has started. @param number v1, v2 … in its environment
    record Course(int number, Instant startedAt, WayBack wayBack) {
        Course with(WayBack changed) {
            return new Course(number, startedAt, changed);
        }
    }

    /// Whether a release can be undone without asking anybody.
    enum WayBack {
        /// The release before can take over again.
        OPEN("open"),
        /// The schema may have changed in a way the release before does not know: a person decides.
        CLOSED("closed"),
        /// There is no release before.
        NONE("none");

        private final String tag;

        WayBack(String tag) {
            this.tag = tag;
        }

        public String tag() {
            return tag;
        }
    }

    /// How much is undone.
    enum Extent {
        EVERYTHING("everything"),
        MAINTENANCE_ONLY("maintenanceOnly");

        private final String tag;

        Extent(String tag) {
            this.tag = tag;
        }

        public String tag() {
            return tag;
        }
    }

    /// One word for lists and filters, the same as in [dev.slipway.events.ReleaseFinished]: a settled release's phase
    /// is its outcome.
    default String phase() {
        return switch (this) {
            case Created _ -> "created";
            case Gated _ -> "gated";
            case Ready _ -> "ready";
            case Running _ -> "running";
            case Watching _ -> "watching";
            case Paused _ -> "paused";
            case Held _ -> "held";
            case RollingBack _ -> "rollingBack";
            case Settled settled -> settled.outcome().tag();
        };
    }

    /// Which plan is being carried out now; absent when none is.
    default @Nullable Direction direction() {
        return switch (this) {
            case Active _ -> Direction.FORWARD;
            case RollingBack _ -> Direction.BACK;
            case Waiting _, Paused _, Held _, Settled _ -> null;
        };
    }
}
