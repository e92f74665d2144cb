package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testkit.TestClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BucketsTest {
    private final TestClock clock = TestClock.at("2026-03-01T10:00:00Z");
    private final Buckets buckets = new Buckets(2, 3, 100, clock);

    @Test
    void shouldGiveAsMuchAsItHoldsAtOnceAndThenAsTimePasses() {
        for (int i = 0; i < 3; i++) {
            assertThat(buckets.take("ada")).isZero();
        }
        assertThat(buckets.take("ada")).isEqualTo(Duration.ofMillis(500));
        clock.advance(Duration.ofMillis(499));
        assertThat(buckets.take("ada")).isEqualTo(Duration.ofMillis(1));
        clock.advance(Duration.ofMillis(1));
        assertThat(buckets.take("ada")).isZero();
        assertThat(buckets.take("ada")).isPositive();
    }

    @Test
    void shouldNotHoldMoreThanItsSizeHoweverLongNothingIsTaken() {
        buckets.take("ada");
        clock.advance(Duration.ofDays(1));

        for (int i = 0; i < 3; i++) {
            assertThat(buckets.take("ada")).isZero();
        }
        assertThat(buckets.take("ada")).isPositive();
    }

    @Test
    void shouldTakeNothingFromOthers() {
        for (int i = 0; i < 4; i++) {
            buckets.take("ada");
        }

        assertThat(buckets.take("ada")).isPositive();
        assertThat(buckets.take("bob")).isZero();
    }

    @Test
    void shouldLookWithoutTaking() {
        for (int i = 0; i < 10; i++) {
            assertThat(buckets.look("ada")).isZero();
        }
        for (int i = 0; i < 3; i++) {
            buckets.take("ada");
        }
        assertThat(buckets.look("ada")).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void shouldRememberOnlySoMany() {
        buckets.take("ada");
        for (int i = 0; i < 10_000; i++) {
            buckets.take("stranger " + i);
            buckets.take("ada");
        }

        assertThat(buckets.keys()).isEqualTo(100);
        assertThat(buckets.take("ada")).as("who comes often is not forgotten").isPositive();
    }

    @Test
    void shouldLimitNothingAtZero() {
        Buckets none = new Buckets(0, 0, 100, clock);

        for (int i = 0; i < 1000; i++) {
            assertThat(none.take("ada")).isZero();
        }
    }
}
