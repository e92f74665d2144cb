package dev.slipway.web;

import dev.slipway.testkit.TestClock;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

@Singleton
final class TestClockBean {
    @Produces
    @Singleton
    Clock clock() {
        return TestClock.at("2026-03-01T10:00:00Z");
    }
}
