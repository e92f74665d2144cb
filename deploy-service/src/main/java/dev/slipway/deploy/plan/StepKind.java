package dev.slipway.deploy.plan;

import java.util.Optional;
import java.util.stream.Stream;

/// What a step of a plan does, and what may be done about it when the process that ran it died in between.
public enum StepKind {
    ANNOUNCE("announce", AfterTakeover.REPEAT),
    MAINTENANCE_ON("maintenance-on", AfterTakeover.REPEAT),
    BACKUP("backup", AfterTakeover.REPEAT),
    MIGRATE("migrate", AfterTakeover.ASK_OR_HOLD),
    VERIFY_SCHEMA("verify-schema", AfterTakeover.REPEAT),
    DEPLOY("deploy", AfterTakeover.ASK_OR_REPEAT),
    SMOKE("smoke", AfterTakeover.REPEAT),
    MAINTENANCE_OFF("maintenance-off", AfterTakeover.REPEAT),
    TRAFFIC("traffic", AfterTakeover.ASK_OR_REPEAT),
    WATCH("watch", AfterTakeover.REPEAT),
    /// Compensation: all traffic to where it was before the release.
    TRAFFIC_BACK("traffic-back", AfterTakeover.REPEAT),
    /// Compensation: the previous artifact onto a target that has no second colour.
    REDEPLOY("redeploy", AfterTakeover.ASK_OR_REPEAT);

    private final String tag;
    private final AfterTakeover afterTakeover;

    StepKind(String tag, AfterTakeover afterTakeover) {
        this.tag = tag;
        this.afterTakeover = afterTakeover;
    }

    /// Name in manifests, in the database and on the wire.
    public String tag() {
        return tag;
    }

    public AfterTakeover afterTakeover() {
        return afterTakeover;
    }

    /// Whether a manifest may name it; the others come from the compensation plan only.
    public boolean plannable() {
        return this != TRAFFIC_BACK && this != REDEPLOY;
    }

    public static Optional<StepKind> ofTag(String tag) {
        return Stream.of(values()).filter(kind -> kind.tag.equals(tag)).findFirst();
    }

    /// A stable key goes with every outside effect, so the other side can tell a repetition; still, not every effect
    /// may be repeated blindly.
    public enum AfterTakeover {
        /// Doing it twice is the same as doing it once.
        REPEAT("repeat"),
        /// Reads back what happened; does it again when it did not.
        ASK_OR_REPEAT("ask-or-repeat"),
        /// Reads back what happened; where nobody can tell, a person decides.
        ASK_OR_HOLD("ask-or-hold");

        private final String tag;

        AfterTakeover(String tag) {
            this.tag = tag;
        }

        /// Name on the wire.
        public String tag() {
            return tag;
        }
    }
}
