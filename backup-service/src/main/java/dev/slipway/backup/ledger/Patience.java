package dev.slipway.backup.ledger;

import java.time.Duration;

/// How long work waits for a location that did not let it: a minute, twice as long every time, six hours at most.
public final class Patience {
    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(6);
    private static final int MOST_DOUBLINGS = 10;

    private Patience() {}

    /// @param tries how often it was tried before
    public static Duration after(int tries) {
        Duration wait = FIRST.multipliedBy(1L << Math.min(tries, MOST_DOUBLINGS));
        return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
    }
}
