package dev.slipway.deploy.step;

import dev.slipway.deploy.manifest.Environment;
import dev.slipway.deploy.manifest.SmokeSuite;
import dev.slipway.deploy.plan.StepKind;
import dev.slipway.deploy.smoke.SmokeReport;
import dev.slipway.deploy.smoke.SmokeTests;
import dev.slipway.deploy.step.StepResult.Broke;
import dev.slipway.deploy.step.StepResult.Done;
import dev.slipway.events.EventData;
import dev.slipway.events.SmokeTestsFinished;
import dev.slipway.events.SmokeTestsStarted;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Tests the deployment by calling it directly, before anybody else does.
@Singleton
final class SmokeStep implements StepHandler {
    private final SmokeTests tests;
    private final Clock clock;

    SmokeStep(SmokeTests tests, Clock clock) {
        this.tests = tests;
        this.clock = clock;
    }

    @Override
    public Set<StepKind> kinds() {
        return Set.of(StepKind.SMOKE);
    }

    @Override
    public List<EventData> beginning(StepContext context) {
        String suite = context.environment().smoke();
        return List.of(new SmokeTestsStarted(
                new SmokeTestsStarted.Content(context.environmentId(), new SmokeTestsStarted.TestSuite(suite, suite)),
                new SmokeTestsStarted.Facts(context.release().ref(), context.target())));
    }

    @Override
    public StepResult run(StepContext context) {
        Optional<SmokeSuite> suite =
                context.manifest().smokeSuite(context.environment().smoke());
        if (suite.isEmpty()) {
            return StepResult.broke(
                    "there are no smoke tests named " + context.environment().smoke());
        }
        Duration left = Duration.between(clock.instant(), context.deadline());
        SmokeReport report = tests.run(suite.get(), url(context), left);
        List<String> lines = report.results().stream().map(SmokeStep::line).toList();
        List<EventData> events = List.of(finished(context, suite.get(), report));
        return report.passed()
                ? new Done(
                        "%d of %d passed against %s"
                                .formatted(
                                        report.passedCount(), report.results().size(), context.target()),
                        lines,
                        events,
                        List.of())
                : new Broke(String.join("; ", failures(report)), false, lines, events, List.of());
    }

    /// A colour has an address of its own.
    private static String url(StepContext context) {
        Environment environment = context.environment();
        return environment.target().colours().getOrDefault(context.target(), environment.url());
    }

    private static List<String> failures(SmokeReport report) {
        return report.results().isEmpty() ? List.of("nothing was tested") : report.failures();
    }

    private static SmokeTestsFinished finished(StepContext context, SmokeSuite suite, SmokeReport report) {
        List<String> failures = report.passed() ? List.of() : failures(report);
        return new SmokeTestsFinished(
                new SmokeTestsFinished.Content(
                        context.environmentId(),
                        new SmokeTestsStarted.TestSuite(suite.name(), suite.name()),
                        report.passed() ? "success" : "failure",
                        failures.isEmpty() ? null : failures.getFirst()),
                new SmokeTestsFinished.Facts(
                        context.release().ref(), context.target(), report.passedCount(), failures));
    }

    private static String line(SmokeReport.Result result) {
        return "%s (%d ms): %s"
                .formatted(
                        result.name(),
                        result.took().toMillis(),
                        Optional.ofNullable(result.problem()).orElse("passed"));
    }
}
