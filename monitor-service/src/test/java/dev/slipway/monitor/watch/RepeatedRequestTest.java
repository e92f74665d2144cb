package dev.slipway.monitor.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testkit.RealBackends;
import dev.slipway.testkit.http.RepeatLetters;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/// What becomes of a POST that is sent again because its answer never came.
@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@TestProfile(WatchResourceTest.Configured.class)
class RepeatedRequestTest {
    @TestHTTPResource("/")
    URI service;

    @Inject
    Jdbi jdbi;

    @Test
    void shouldActOnADeadLetterOnceHoweverOftenItIsAskedTo() throws IOException {
        assertThat(new RepeatLetters(service, "olga-token", jdbi).findings()).isEmpty();
    }
}
