package dev.slipway.events;

/// Smoke tests started against an environment (`testsuiterun.started`).
public record SmokeTestsStarted(Content content, Facts customData) implements EventData.Standard {
    public record Content(EnvironmentId environment, TestSuite testSuite) {}

    public record TestSuite(String id, String name) {}

    /// @param target the colour or `default` the tests called
    public record Facts(ReleaseRef release, String target) {}
}
