package dev.slipway.deploy;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testkit.http.RawHttp;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/// What becomes of somebody who tries and tries what they may not do.
@QuarkusTest
@QuarkusTestResource(ServiceBackends.class)
class RefusalsTest {
    private static final int TRIES = 1_000;

    /// By default, in a minute; a few come back while the test runs.
    private static final int REFUSALS = 120;

    @TestHTTPResource("/")
    URI service;

    @Inject
    Jdbi jdbi;

    @Test
    void shouldStopListeningToATokenThatTriesAnothersOperation() throws IOException {
        long before = rows();
        Map<Integer, Integer> statuses = new TreeMap<>();

        try (RawHttp http = new RawHttp(service)) {
            RawHttp.Request issue = new RawHttp.Request(
                    "POST",
                    "/api/v1/tokens",
                    Map.of("Authorization", "Bearer mallory-token", "Content-Type", "application/json"),
                    "{\"name\": \"mallory-admin\", \"roles\": [\"admin\"]}".getBytes(UTF_8));
            for (int i = 0; i < TRIES; i++) {
                RawHttp.Answer answer = http.send(issue);
                statuses.merge(answer.status(), 1, Integer::sum);
                if (answer.status() == 429) {
                    assertThat(answer.headers()).containsKey("retry-after");
                    assertThat(answer.json().path("limit").asText()).isEqualTo("refusals");
                }
            }
        }

        assertThat(statuses).containsOnlyKeys(403, 429);
        assertThat(statuses.get(403)).isBetween(REFUSALS, 2 * REFUSALS);
        assertThat(rows()).isEqualTo(before);
        given().auth().oauth2("vera-token").get("/api/v1/releases").then().statusCode(200);
    }

    /// Of what issuing a token writes.
    private long rows() {
        return jdbi.withHandle(tx -> tx.createQuery("""
                        select (select count(*) from access_token) + (select count(*) from outbox)""").mapTo(Long.class).one());
    }
}
