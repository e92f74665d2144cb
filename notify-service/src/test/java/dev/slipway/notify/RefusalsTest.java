package dev.slipway.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testkit.RealBackends;
import dev.slipway.testkit.http.Intruder;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/// What becomes of somebody who tries and tries what they may not do.
@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@QuarkusTestResource(Receivers.class)
class RefusalsTest {
    @TestHTTPResource("/")
    URI service;

    @Inject
    Jdbi jdbi;

    @Test
    void shouldStopListeningToATokenThatTriesAnothersOperationAndTellOfIt() throws IOException {
        assertThat(new Intruder(service, jdbi, "mallory-token", "operator").findings())
                .isEmpty();
    }
}
