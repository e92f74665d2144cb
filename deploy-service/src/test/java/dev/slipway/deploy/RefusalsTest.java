package dev.slipway.deploy;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

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
@QuarkusTestResource(ServiceBackends.class)
class RefusalsTest {
    @TestHTTPResource("/")
    URI service;

    @Inject
    Jdbi jdbi;

    @Test
    void shouldStopListeningToATokenThatTriesAnothersOperationAndTellOfIt() throws IOException {
        assertThat(new Intruder(service, jdbi, "mallory-token", "otto-token")
                        .findings(
                                "POST /api/v1/tokens",
                                "/api/v1/tokens",
                                "{\"name\": \"mallory-admin\", \"roles\": [\"admin\"]}"))
                .isEmpty();
        given().auth().oauth2("vera-token").get("/api/v1/releases").then().statusCode(200);
    }
}
