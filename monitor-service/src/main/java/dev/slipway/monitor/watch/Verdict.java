package dev.slipway.monitor.watch;

import java.util.Locale;

/// What one look at the counts comes to, and why.
sealed interface Verdict {
    String reason();

    /// As it is written in checks and shown over REST.
    default String label() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /// Nothing is decided yet.
    record Continue(String reason) implements Verdict {}

    /// No promotion.
    record Hold(Cause cause, String reason) implements Verdict {}

    /// The next traffic step may come. @param unproven the step's time was over before the evidence was there
    record Promote(boolean unproven, String reason) implements Verdict {}

    /// The candidate is worse. @param signal what shows it
    record Rollback(String signal, String reason) implements Verdict {}

    /// The strict watch is over.
    record Finish(String reason) implements Verdict {}

    /// Why a watch holds.
    enum Cause {
        /// Some evidence against the candidate, not enough to call it back: it may pass by itself.
        SUSPICION,
        /// The candidate is worse for sure, but by less than is worth a call-back.
        SMALL_FAULT,
        /// The step's time is over and nothing is shown.
        UNDECIDED,
        /// There are no counters to judge by.
        SOURCE_BROKEN;

        /// Whether people must be told. A suspicion either goes away or grows within batches.
        boolean isTold() {
            return this != SUSPICION;
        }
    }
}
