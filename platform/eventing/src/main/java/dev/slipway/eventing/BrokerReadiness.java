package dev.slipway.eventing;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/// Tells whether the broker answers, and stays up either way: what happens meanwhile waits in the outbox, so nobody has
/// to be turned away.
@Readiness
@Singleton
final class BrokerReadiness implements HealthCheck {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /// Probes come from several sides and often; one question serves them.
    private static final Duration ANSWER_HOLDS = Duration.ofSeconds(2);

    private final KafkaSettings kafka;
    private final Clock clock;
    private @Nullable Admin admin;
    private @Nullable Instant asked;
    private boolean answers;

    BrokerReadiness(KafkaSettings kafka, Clock clock) {
        this.kafka = kafka;
        this.clock = clock;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("broker")
                .up()
                .withData("broker", brokerAnswers() ? "up" : "down")
                .build();
    }

    private synchronized boolean brokerAnswers() {
        Instant now = clock.instant();
        if (asked == null || !now.isBefore(asked.plus(ANSWER_HOLDS))) {
            answers = ask();
            asked = now;
        }
        return answers;
    }

    private boolean ask() {
        if (admin == null) {
            admin = kafka.admin();
        }
        int millis = (int) PATIENCE.toMillis();
        try {
            admin.describeCluster(new DescribeClusterOptions().timeoutMs(millis))
                    .clusterId()
                    .get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @PreDestroy
    synchronized void close() {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }
}
