package dev.slipway.deploy.access;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.slipway.deploy.ServiceBackends;
import dev.slipway.testkit.http.RepeatLetters;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/// What becomes of a POST that is sent again because its answer never came.
@QuarkusTest
@QuarkusTestResource(ServiceBackends.class)
class RepeatedRequestTest {
    @TestHTTPResource("/")
    URI service;

    @Inject
    Jdbi jdbi;

    private final String key = UUID.randomUUID().toString();

    @Test
    void shouldIssueOneTokenAndKeepItsSecretNowhere() {
        String wish = "{\"name\": \"t-%s\", \"person\": \"mara\", \"roles\": [\"viewer\"]}".formatted(key);

        String secret = ada().body(wish)
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .extract()
                .path("secret");
        ada().body(wish)
                .post("/api/v1/tokens")
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:slipway:problem:answer-withheld"));

        assertThat(count("select count(*) from access_token where name = 't-' || ?"))
                .isEqualTo(1);
        String kept = jdbi.withHandle(handle -> handle.createQuery(
                        "select row_to_json(i)::text || coalesce(encode(body, 'escape'), '') from idempotency i where key = ?")
                .bind(0, key)
                .mapTo(String.class)
                .one());
        assertThat(kept).doesNotContain(secret);
    }

    @Test
    void shouldAnswerARevocationTheSameAgain() {
        String id = given().auth()
                .oauth2("ada-token")
                .contentType(ContentType.JSON)
                .body("{\"name\": \"t-%s\", \"person\": \"mara\", \"roles\": [\"viewer\"]}".formatted(key))
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .extract()
                .path("token.id");

        var first = ada().body("{\"reason\": \"lost\"}").post("/api/v1/tokens/{id}/revoke", id);
        var again = ada().body("{\"reason\": \"lost\"}").post("/api/v1/tokens/{id}/revoke", id);

        first.then().statusCode(200).header("Idempotency-Replayed", nullValue());
        again.then().statusCode(200).header("Idempotency-Replayed", "true");
        assertThat(again.asString()).isEqualTo(first.asString());
        ada().body("{\"reason\": \"stolen\"}")
                .post("/api/v1/tokens/{id}/revoke", id)
                .then()
                .statusCode(422)
                .body("type", equalTo("urn:slipway:problem:idempotency-key-reused"));
    }

    @Test
    void shouldActOnADeadLetterOnceHoweverOftenItIsAskedTo() throws IOException {
        assertThat(new RepeatLetters(service, "otto-token", jdbi).findings()).isEmpty();
    }

    private int count(String query) {
        return jdbi.withHandle(handle ->
                handle.createQuery(query).bind(0, key).mapTo(Integer.class).one());
    }

    private RequestSpecification ada() {
        return given().auth().oauth2("ada-token").contentType(ContentType.JSON).header("Idempotency-Key", key);
    }
}
