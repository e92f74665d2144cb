package dev.slipway.deploy.target;

import java.util.UUID;

/// What a target is told about the work.
///
/// @param step the stable key of the effect
/// @param attempt 1 for the first; a takeover keeps the number, a deliberate repetition has the next
/// @param takenOver an earlier owner died in this attempt: what was started may still run, or may have ended
/// @param environment full name, `shop/production`
/// @param version the artifact's version, as metrics label it
/// @param target the colour, or `default`
public record TargetContext(
        UUID release,
        UUID step,
        int attempt,
        boolean takenOver,
        String application,
        String environment,
        String version,
        String commit,
        String artifact,
        String target) {}
