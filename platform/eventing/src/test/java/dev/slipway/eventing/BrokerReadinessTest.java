package dev.slipway.eventing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testkit.TestClock;
import dev.slipway.testkit.TestKafka;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

class BrokerReadinessTest {
    private final TestClock clock = TestClock.at("2026-03-01T10:00:00Z");

    @Test
    void shouldSayThatTheBrokerAnswers() {
        assertThat(ask(TestKafka.bootstrapServers()))
                .satisfies(answer -> assertThat(answer.getStatus()).isEqualTo(Status.UP))
                .satisfies(answer -> assertThat(answer.getData().orElseThrow()).containsEntry("broker", "up"));
    }

    @Test
    void shouldStayReadyAndSaySoWhenTheBrokerIsAway() throws IOException {
        String nobody = "localhost:" + freePort();

        assertThat(ask(nobody))
                .satisfies(answer -> assertThat(answer.getStatus()).isEqualTo(Status.UP))
                .satisfies(answer -> assertThat(answer.getData().orElseThrow()).containsEntry("broker", "down"));
    }

    @Test
    void shouldAskTheBrokerOnceForManyProbes() throws IOException {
        BrokerReadiness readiness = readiness("localhost:" + freePort());
        readiness.call();

        long began = System.nanoTime();
        for (int probe = 0; probe < 100; probe++) {
            readiness.call();
        }

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
        readiness.close();
    }

    private HealthCheckResponse ask(String servers) {
        BrokerReadiness readiness = readiness(servers);
        try {
            return readiness.call();
        } finally {
            readiness.close();
        }
    }

    private BrokerReadiness readiness(String servers) {
        return new BrokerReadiness(new KafkaSettings(servers, "readiness", Optional.empty()), clock);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
