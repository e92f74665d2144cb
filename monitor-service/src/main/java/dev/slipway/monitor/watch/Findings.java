package dev.slipway.monitor.watch;

import dev.slipway.monitor.evidence.Counts;
import dev.slipway.monitor.evidence.History;
import dev.slipway.monitor.evidence.PromoteWindow;
import dev.slipway.monitor.evidence.Window;
import dev.slipway.monitor.evidence.WindowMixture;
import dev.slipway.monitor.evidence.WindowPlan;
import dev.slipway.monitor.evidence.WindowTest;
import dev.slipway.monitor.manifest.WatchSettings;
import java.time.Instant;
import java.util.List;

/// All evidence there is at the end of a batch. A pure function of the batches up to it.
///
/// @param startedAt when the step's first batch began
/// @param at when the last batch ended
/// @param total counts of the whole step
/// @param mixture evidence that the candidate is worse
/// @param logPromote evidence that it is not, as a natural logarithm
/// @param excess by how much the candidate looks worse over the whole step, as a rate
/// @param phi overdispersion all of it was divided by
/// @param ticks windows of the release's stock that the step has used so far
record Findings(
        Instant startedAt,
        Instant at,
        Counts total,
        WindowMixture mixture,
        double logPromote,
        double excess,
        double phi,
        int ticks) {

    /// @param number of the step, 1 for the release's first
    /// @param spentTicks by the steps before it
    /// @param besideBaseline whether a baseline runs; otherwise history is what the candidate is measured by
    /// @param batches at least one
    static Findings of(
            int number, int spentTicks, boolean besideBaseline, StepTerms terms, History history, List<Batch> batches) {
        WatchSettings settings = terms.settings();
        Counts total = batches.getLast().total();
        double phi = history.phi((double) total.candidateRequests() / batches.size());
        WindowTest test = besideBaseline
                ? new WindowTest.AgainstBaseline(settings.delta(), phi)
                : new WindowTest.AgainstHistory(history.limit(), history.mean(), phi);
        List<Instant> starts = batches.stream().map(Batch::startedAt).toList();
        List<Window> windows = WindowPlan.of(number, spentTicks, starts, terms.planned());
        return new Findings(
                starts.getFirst(),
                batches.getLast().endedAt(),
                total,
                WindowMixture.of(batches.stream().map(Batch::total).toList(), windows, test, settings.gate()),
                PromoteWindow.logE(total, settings.margin(), phi),
                test.excess(total),
                phi,
                WindowPlan.ticks(windows));
    }
}
