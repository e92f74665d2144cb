package dev.slipway.deploy.plan;

import java.util.Locale;

/// How far a step got.
public enum StepState {
    /// Not begun, or to be begun again.
    PENDING,
    /// Somebody is at it; or was, and died.
    RUNNING,
    /// It has asked, and waits for the answer.
    WAITING,
    DONE,
    BROKEN,
    /// Its plan ended before its turn came.
    SKIPPED,
    /// Its plan ended while it was at work.
    STOPPED;

    /// In the database and on the wire.
    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static StepState ofTag(String tag) {
        return valueOf(tag.toUpperCase(Locale.ROOT));
    }

    /// Whether nothing more will come of it by itself.
    public boolean over() {
        return switch (this) {
            case PENDING, RUNNING, WAITING -> false;
            case DONE, BROKEN, SKIPPED, STOPPED -> true;
        };
    }

    /// Whether it may have had an effect outside.
    public boolean begun() {
        return switch (this) {
            case PENDING, SKIPPED -> false;
            case RUNNING, WAITING, DONE, BROKEN, STOPPED -> true;
        };
    }
}
