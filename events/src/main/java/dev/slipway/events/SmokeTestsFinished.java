package dev.slipway.events;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Smoke tests ended (`testsuiterun.finished`).
public record SmokeTestsFinished(Content content, Facts customData) implements EventData.Standard {
    /// @param outcome `success`, `failure` or `error`
    public record Content(
            EnvironmentId environment,
            SmokeTestsStarted.TestSuite testSuite,
            String outcome,
            @Nullable String reason) {}

    public record Facts(ReleaseRef release, String target, int passed, List<String> failures) {}
}
