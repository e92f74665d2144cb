package dev.slipway.backup.ledger;

import java.time.Duration;
import java.time.Instant;

/// What was verified of a backup. @param at when the proof ended; @param detail what was compared, for people
public record Proof(ProofKind kind, Instant at, Duration took, String detail) {
    public Proof {
        // A clock that was set back in between makes no time of it.
        took = took.isNegative() ? Duration.ZERO : took;
    }
}
