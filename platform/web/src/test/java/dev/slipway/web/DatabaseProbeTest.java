package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DatabaseProbeTest {
    @Test
    @Timeout(5)
    void shouldGiveUpOnADatabaseThatHangsAndAskItOnlyOnce() {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch never = new CountDownLatch(1);
        DatabaseProbe probe = new DatabaseProbe(() -> {
            asked.incrementAndGet();
            await(never);
            return true;
        });

        long start = System.nanoTime();
        boolean first = probe.answers();
        boolean second = probe.answers();

        assertThat(first).isFalse();
        assertThat(second).isFalse();
        assertThat(asked).hasValue(1);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        never.countDown();
    }

    @Test
    void shouldTakeARefusalForNo() {
        DatabaseProbe probe = new DatabaseProbe(() -> {
            throw new SQLException("no such host");
        });

        assertThat(probe.answers()).isFalse();
    }

    @Test
    void shouldAskAnewEveryTime() {
        AtomicInteger asked = new AtomicInteger();
        DatabaseProbe probe = new DatabaseProbe(() -> asked.incrementAndGet() > 1);

        assertThat(probe.answers()).isFalse();
        assertThat(probe.answers()).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
