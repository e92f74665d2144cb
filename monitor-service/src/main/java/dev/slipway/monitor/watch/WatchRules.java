package dev.slipway.monitor.watch;

import dev.slipway.monitor.manifest.WatchSettings;
import dev.slipway.monitor.sample.SampleLog.Silence;
import dev.slipway.monitor.watch.Verdict.Cause;

/// Decides what the evidence means for a step. Pure, and the same whenever it is asked: the only time in it is
/// that of the batch.
///
/// | found \ state | Watching | Held | Passed |
/// | --- | --- | --- | --- |
/// | much worse | rollback | rollback | rollback |
/// | little worse | hold (SMALL_FAULT) | hold (SMALL_FAULT) | continue |
/// | suspicious | hold (SUSPICION) | hold (SUSPICION) | continue |
/// | suspicious, time over | hold (UNDECIDED) | hold (UNDECIDED) | continue |
/// | not worse | promote | promote | continue |
/// | not worse, too early | continue | continue | continue |
/// | unclear | continue | continue | continue |
/// | unclear, time over, hold | hold (UNDECIDED) | hold (UNDECIDED) | continue |
/// | unclear, time over, promote | promote | promote | continue |
/// | no request, time over, promote | hold (UNDECIDED) | hold (UNDECIDED) | continue |
/// | strict watch, not over | continue | continue | continue |
/// | strict watch, over | finish | finish | continue |
/// | strict watch, over, suspicious | hold (UNDECIDED) | hold (UNDECIDED) | continue |
/// | strict watch, over, no request | hold (UNDECIDED) | hold (UNDECIDED) | continue |
/// | sample missed | continue | continue | continue |
/// | source broken | hold (SOURCE_BROKEN) | hold (SOURCE_BROKEN) | continue |
final class WatchRules {
    /// The one signal there is so far.
    static final String ERRORS = "errors";

    /// Evidence 10 : 1 against a candidate keeps it from going on.
    private static final double SUSPICIOUS = Math.log(10);

    private static final int FEWEST_REQUESTS = 20;

    private WatchRules() {}

    /// After a batch.
    static Verdict judge(WatchState.Open state, StepTerms terms, Findings found) {
        if (found.mixture().logGated() >= terms.settings().rollbackBound()) {
            return new Verdict.Rollback(ERRORS, Words.worse(found, terms.settings()));
        }
        return switch (state) {
            case WatchState.Watching _, WatchState.Held _ -> judgeOpen(terms, found);
            case WatchState.Passed _ -> new Verdict.Continue("passed; watched on until the next step");
        };
    }

    /// While the metrics source gives nothing.
    static Verdict judge(WatchState.Open state, WatchSettings settings, Silence silence) {
        return switch (state) {
            case WatchState.Watching _, WatchState.Held _ ->
                silence.length().compareTo(settings.sourceDeadline()) >= 0
                        ? new Verdict.Hold(
                                Cause.SOURCE_BROKEN,
                                "no metrics since %s: %s".formatted(silence.since(), silence.reason()))
                        : new Verdict.Continue("a sample is missed: " + silence.reason());
            case WatchState.Passed _ -> new Verdict.Continue("passed; the metrics are missed: " + silence.reason());
        };
    }

    private static Verdict judgeOpen(StepTerms terms, Findings found) {
        boolean over = terms.isOver(found.at());
        if (found.mixture().logUngated() >= terms.settings().rollbackBound()) {
            return new Verdict.Hold(Cause.SMALL_FAULT, Words.littleWorse(found, terms.settings()));
        }
        if (found.mixture().logGated() >= SUSPICIOUS) {
            return new Verdict.Hold(
                    over ? Cause.UNDECIDED : Cause.SUSPICION, Words.suspicious(found, terms.settings()));
        }
        return terms.last() ? judgeLast(terms, found, over) : judgeStep(terms, found, over);
    }

    private static Verdict judgeStep(StepTerms terms, Findings found, boolean over) {
        boolean enough = found.total().candidateRequests() >= FEWEST_REQUESTS;
        if (enough
                && terms.isDwelt(found.at())
                && found.logPromote() >= terms.settings().promoteBound()) {
            return new Verdict.Promote(false, Words.notWorse(found, terms.settings()));
        }
        if (!over) {
            return new Verdict.Continue(Words.unclear(found, terms.settings()));
        }
        boolean harmless = found.total().candidateRequests() > 0
                && found.mixture().logGated() < 0
                && found.excess() < terms.settings().gate();
        return terms.promoteUndecided() && harmless
                ? new Verdict.Promote(true, Words.unproven(found, terms))
                : new Verdict.Hold(Cause.UNDECIDED, Words.undecided(found, terms));
    }

    private static Verdict judgeLast(StepTerms terms, Findings found, boolean over) {
        if (!over) {
            return new Verdict.Continue(Words.unclear(found, terms.settings()));
        }
        if (found.total().candidateRequests() == 0 && !terms.promoteUndecided()) {
            return new Verdict.Hold(Cause.UNDECIDED, Words.undecided(found, terms));
        }
        return new Verdict.Finish(Words.finished(found, terms));
    }
}
