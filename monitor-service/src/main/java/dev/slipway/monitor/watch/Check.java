package dev.slipway.monitor.watch;

import dev.slipway.monitor.evidence.Counts;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A verdict as it was recorded.
///
/// @param seq grows from check to check; 0 until it is stored
/// @param at end of the batch, or the missed sample that changed the verdict
/// @param counts of the whole step up to then
/// @param logGated evidence for a call-back, natural logarithm; absent when no window looks bad enough
/// @param logUngated the same without the gate
/// @param logPromote evidence for going on
record Check(
        long seq,
        UUID step,
        Instant at,
        String verdict,
        String reason,
        Counts counts,
        @Nullable Double logGated,
        @Nullable Double logUngated,
        @Nullable Double logPromote,
        double phi) {

    static Check of(UUID step, Verdict verdict, Findings found) {
        return new Check(
                0,
                step,
                found.at(),
                verdict.label(),
                verdict.reason(),
                found.total(),
                evidence(found.mixture().logGated()),
                evidence(found.mixture().logUngated()),
                evidence(found.logPromote()),
                found.phi());
    }

    /// Without a batch there is no evidence either.
    static Check of(UUID step, Verdict verdict, Counts counts, Instant at) {
        return new Check(0, step, at, verdict.label(), verdict.reason(), counts, null, null, null, 1);
    }

    private static @Nullable Double evidence(double log) {
        return Double.isInfinite(log) ? null : log;
    }
}
