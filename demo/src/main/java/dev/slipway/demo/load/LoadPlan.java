package dev.slipway.demo.load;

import java.net.URI;

/// How customers behave: so many requests a second on a fixed schedule, whether answers come or not, but never more
/// than so many at once.
///
/// @param perSecond 1 to 1000
/// @param mostInFlight 1 to 512; a request that is due while so many wait is not sent, and counted as that
public record LoadPlan(URI shop, String user, String password, int perSecond, int mostInFlight) {
    public LoadPlan {
        if (perSecond < 1 || perSecond > 1000) {
            throw new IllegalArgumentException("1 to 1000 requests per second, not " + perSecond);
        }
        if (mostInFlight < 1 || mostInFlight > 512) {
            throw new IllegalArgumentException("1 to 512 requests at once, not " + mostInFlight);
        }
    }

    @Override
    public String toString() {
        return "%d requests/s to %s as %s".formatted(perSecond, shop, user);
    }
}
