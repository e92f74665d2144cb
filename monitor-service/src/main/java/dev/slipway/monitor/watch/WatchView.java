package dev.slipway.monitor.watch;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.monitor.evidence.Counts;
import dev.slipway.monitor.evidence.History;
import dev.slipway.monitor.evidence.Interval;
import dev.slipway.monitor.manifest.WatchSettings;
import dev.slipway.monitor.watch.WatchedRelease.Measure;
import dev.slipway.web.Page;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A release's watch as REST shows it.
///
/// @param state `waiting` for its first traffic step, `open` or `ended`
/// @param endReason why it ended
/// @param current the newest traffic step; absent before the first
/// @param steps all traffic steps, the first one first
/// @param checks what was found when, newest first, one page of it
@JsonInclude(JsonInclude.Include.NON_NULL)
record WatchView(
        UUID release,
        String application,
        String environment,
        String version,
        String state,
        @Nullable String endReason,
        @Nullable Current current,
        List<Step> steps,
        Page<CheckView> checks) {

    /// How much of the truth the confidence bounds leave out at most, over all time.
    private static final double DOUBT = .05;

    /// @param form `baseline` or `history`: what the candidate is measured by
    /// @param previousVersion whose history it is
    /// @param limit for `history`: the rate of bad requests that is not held against the candidate
    /// @param evidence natural logarithms; absent before the first batch
    /// @param confidence bounds that hold at every moment with 95 %
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Current(
            UUID step,
            int percent,
            String phase,
            String verdict,
            String reason,
            Instant effectiveAt,
            @Nullable Instant judgedAt,
            String form,
            @Nullable String previousVersion,
            @Nullable Double limit,
            Counts counts,
            @Nullable Evidence evidence,
            Confidence confidence) {}

    /// @param gated for a call-back: absent while no window looks bad enough
    /// @param ungated the same without that condition
    /// @param bound what `gated` must reach
    /// @param promote for going on
    /// @param promoteBound what `promote` must reach
    /// @param phi overdispersion that all of it was divided by
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Evidence(
            @Nullable Double gated,
            @Nullable Double ungated,
            double bound,
            @Nullable Double promote,
            double promoteBound,
            double phi) {}

    /// Rates of bad requests, 0 … 1.
    record Confidence(Interval candidate, Interval baseline, Interval difference) {
        static Confidence of(Counts counts) {
            return new Confidence(
                    Interval.ofProportion(counts.candidateRequests(), counts.candidateErrors(), DOUBT),
                    Interval.ofProportion(counts.baselineRequests(), counts.baselineErrors(), DOUBT),
                    Interval.ofDifference(counts, DOUBT));
        }
    }

    /// @param since when it came into this phase; absent while it is `watching`
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Step(
            UUID step,
            int percent,
            String phase,
            @Nullable Instant since,
            String reason,
            Instant effectiveAt,
            @Nullable UUID incident) {

        static Step of(Watch watch) {
            StoredState state = StoredState.of(watch.state());
            return new Step(
                    watch.step(),
                    watch.shift().percent(),
                    state.phase(),
                    state.at(),
                    state.reason(),
                    watch.shift().effectiveAt(),
                    state.incident());
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CheckView(
            UUID step,
            Instant at,
            String verdict,
            String reason,
            Counts counts,
            @Nullable Double gated,
            @Nullable Double ungated,
            @Nullable Double promote,
            double phi) {

        static CheckView of(Check check) {
            return new CheckView(
                    check.step(),
                    check.at(),
                    check.verdict(),
                    check.reason(),
                    check.counts(),
                    check.logGated(),
                    check.logUngated(),
                    check.logPromote(),
                    check.phi());
        }
    }

    /// @param latest the current step's last check
    static WatchView of(WatchedRelease release, List<Watch> watches, Optional<Check> latest, Page<Check> checks) {
        Current current =
                watches.isEmpty() ? null : current(release.measure().orElseThrow(), watches.getLast(), latest);
        return new WatchView(
                release.id(),
                release.application(),
                release.environment(),
                release.version(),
                state(release, watches),
                release.ended().map(WatchedRelease.End::reason).orElse(null),
                current,
                watches.stream().map(Step::of).toList(),
                checks.map(CheckView::of));
    }

    private static String state(WatchedRelease release, List<Watch> watches) {
        if (release.ended().isPresent()) {
            return "ended";
        }
        if (watches.isEmpty()) {
            return "waiting";
        }
        return watches.getLast().state() instanceof WatchState.Open ? "open" : "ended";
    }

    private static Current current(Measure measure, Watch watch, Optional<Check> latest) {
        boolean besideBaseline = watch.shift().baseline() != null;
        Counts counts = latest.map(Check::counts).orElse(Counts.NONE);
        StoredState state = StoredState.of(watch.state());
        return new Current(
                watch.step(),
                watch.shift().percent(),
                state.phase(),
                latest.map(Check::verdict).orElse("continue"),
                latest.map(Check::reason).orElse(state.reason()),
                watch.shift().effectiveAt(),
                latest.map(Check::at).orElse(null),
                besideBaseline ? "baseline" : "history",
                measure.previousVersion(),
                besideBaseline ? null : limit(measure.history()),
                counts,
                latest.map(check -> evidence(check, measure.settings())).orElse(null),
                Confidence.of(counts));
    }

    private static Double limit(History history) {
        return history.limit();
    }

    private static Evidence evidence(Check check, WatchSettings settings) {
        return new Evidence(
                check.logGated(),
                check.logUngated(),
                settings.rollbackBound(),
                check.logPromote(),
                settings.promoteBound(),
                check.phi());
    }
}
