package dev.slipway.demo.shop;

import java.time.Clock;
import java.time.Instant;

/// The fault of the shop's third version: as soon as more than a trickle comes in, every fifth request fails. A few
/// smoke tests never see it.
final class LoadFault {
    /// Requests in two seconds that are still a trickle.
    static final int TRICKLE = 12;

    private static final int EVERY = 5;

    private final Clock clock;
    private long second;
    private int before;
    private int now;
    private int served;

    LoadFault(Clock clock) {
        this.clock = clock;
    }

    /// Counts a request. @return true when it has to fail
    synchronized boolean strikes() {
        turn(clock.instant());
        now++;
        return before + now > TRICKLE && ++served % EVERY == 0;
    }

    private void turn(Instant instant) {
        long current = instant.getEpochSecond();
        if (current != second) {
            before = current == second + 1 ? now : 0;
            now = 0;
            second = current;
        }
    }
}
