package dev.slipway.events;

/// CDEvents content of `service.deployed`, `service.upgraded` and `service.rolledback`.
/// @param artifactId package URL of what runs now
public record ServiceChange(EnvironmentId environment, String artifactId) {
    /// @param target where inside the environment: a colour, or `default`
    public record Facts(ReleaseRef release, String target) {}
}
