package dev.slipway.monitor.watch;

import dev.slipway.monitor.evidence.Counts;
import dev.slipway.monitor.manifest.WatchSettings;
import java.util.Locale;

/// Says in words for people what was found. Evidence is told as a factor: by how much a bet against the
/// opposite has grown, and by how much it must.
final class Words {
    private static final double MILLION = Math.log(1e6);

    private Words() {}

    static String worse(Findings found, WatchSettings settings) {
        return "the candidate fails more: %s; evidence %s, needed %s"
                .formatted(
                        counts(found.mixture().leading()),
                        factor(found.mixture().logGated()),
                        factor(settings.rollbackBound()));
    }

    static String littleWorse(Findings found, WatchSettings settings) {
        return "the candidate fails more, but by less than the %s that call back: %s; evidence %s, needed %s"
                .formatted(
                        points(settings.gate()),
                        counts(found.mixture().leading()),
                        factor(found.mixture().logUngated()),
                        factor(settings.rollbackBound()));
    }

    static String suspicious(Findings found, WatchSettings settings) {
        return "the candidate may fail more: %s; evidence %s, %s call back"
                .formatted(
                        counts(found.mixture().leading()),
                        factor(found.mixture().logGated()),
                        factor(settings.rollbackBound()));
    }

    static String notWorse(Findings found, WatchSettings settings) {
        return "the candidate is not worse by %s: %s; evidence %s, needed %s"
                .formatted(
                        points(settings.margin()),
                        counts(found.total()),
                        factor(found.logPromote()),
                        factor(settings.promoteBound()));
    }

    static String unclear(Findings found, WatchSettings settings) {
        return "nothing is shown yet: %s; evidence for going on %s, needed %s"
                .formatted(counts(found.total()), factor(found.logPromote()), factor(settings.promoteBound()));
    }

    static String unproven(Findings found, StepTerms terms) {
        return "unproven: the step's %s are over and nothing speaks against the candidate: %s"
                .formatted(terms.planned(), counts(found.total()));
    }

    static String undecided(Findings found, StepTerms terms) {
        String what = found.total().candidateRequests() == 0
                ? "no request has reached the candidate"
                : "nothing is shown: " + counts(found.total());
        return "the step's %s are over and %s".formatted(terms.planned(), what);
    }

    static String finished(Findings found, StepTerms terms) {
        return "the strict watch of %s is over: %s".formatted(terms.planned(), counts(found.total()));
    }

    private static String counts(Counts counts) {
        String candidate = "%d of %d requests failed (%s)"
                .formatted(counts.candidateErrors(), counts.candidateRequests(), percent(counts.candidateRate()));
        return counts.baselineRequests() == 0
                ? candidate
                : "%s, %d of %d of the baseline's (%s)"
                        .formatted(
                                candidate,
                                counts.baselineErrors(),
                                counts.baselineRequests(),
                                percent(counts.baselineRate()));
    }

    private static String percent(double rate) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * rate);
    }

    private static String points(double rate) {
        return String.format(Locale.ROOT, "%.1f points", 100 * rate);
    }

    private static String factor(double log) {
        if (log > MILLION) {
            return "more than ×1,000,000";
        }
        double factor = Math.exp(log);
        return String.format(Locale.ROOT, factor < 10 ? "×%.1f" : "×%,.0f", factor);
    }
}
