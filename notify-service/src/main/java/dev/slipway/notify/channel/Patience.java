package dev.slipway.notify.channel;

import java.time.Duration;

/// How long a channel is waited for.
///
/// @param attempt one attempt, from the connection to the answer
/// @param giveUpAfter from the notice's making to its being given up, unless somebody waits for it with a deadline
public record Patience(Duration attempt, Duration giveUpAfter) {
    public Patience {
        if (!attempt.isPositive() || !giveUpAfter.isPositive()) {
            throw new IllegalArgumentException("patience must be positive: %s, %s".formatted(attempt, giveUpAfter));
        }
    }
}
