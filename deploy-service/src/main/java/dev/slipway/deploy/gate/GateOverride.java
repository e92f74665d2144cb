package dev.slipway.deploy.gate;

import java.time.Instant;

/// A person opened a gate of a release, in a role that the manifest lets do so.
public record GateOverride(String gate, String role, String person, String reason, Instant at) {
    /// What the gate answers from then on.
    Verdict verdict() {
        return new Verdict.Open("overridden by %s (%s) at %s: %s".formatted(person, role, at, reason));
    }
}
