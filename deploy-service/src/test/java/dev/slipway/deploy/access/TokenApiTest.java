package dev.slipway.deploy.access;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import dev.slipway.access.AccessSecret;
import dev.slipway.testkit.RealBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tokens over HTTP, with a real database and a real broker that carries them.
@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@TestProfile(TokenApiTest.Moving.class)
class TokenApiTest {
    private static final String ADMIN = "the first admin's token";
    private static final Duration PROMISED = Duration.ofSeconds(2);

    private final String name = "t-" + UUID.randomUUID();

    /// The pumps move, and there is a first admin.
    public static final class Moving implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "slipway.pumps.enabled", "true",
                    // It asks for what it knows will be refused until it is not.
                    "slipway.limits.refusals", "0",
                    "slipway.access.tokens[0].name", "first-admin",
                    "slipway.access.tokens[0].sha256", AccessSecret.sha256(ADMIN),
                    "slipway.access.tokens[0].roles", "admin",
                    "slipway.access.tokens[0].person", "ada");
        }
    }

    @Test
    void shouldShowTheSecretOnceAndNeverAgain() {
        JsonPath issued = admin().body("""
                        {"name": "%s", "roles": ["operator", "approver:business"], "person": "Mara Kern",
                         "aliases": ["github:mara-k", "github:Mara-K", "email:Mara@Example.org", "slack:U024"]}
                        """.formatted(name))
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .header("Cache-Control", "no-store")
                .header("Location", containsString("/api/v1/tokens/"))
                .body("secret", matchesPattern("slw_[0-9A-Za-z]{49}"))
                .body("token.state", equalTo("valid"))
                .body("token.issuedBy", equalTo("ada"))
                .body("token.aliases", contains("email:mara@example.org", "github:mara-k", "slack:U024"))
                .extract()
                .jsonPath();
        String secret = issued.getString("secret");

        String shown =
                admin().get("/api/v1/tokens/" + issued.getString("token.id")).asString()
                        + admin().get("/api/v1/tokens?limit=200").asString();

        assertThat(shown).contains(name).doesNotContain(secret).doesNotContain(AccessSecret.sha256(secret));
    }

    @Test
    void shouldLetTheTokenInUntilItIsRevoked() {
        JsonPath issued = issue("operator");
        String secret = issued.getString("secret");
        awaitStatus(secret, 200);

        admin().body("{\"reason\": \"lost\"}")
                .post("/api/v1/tokens/" + issued.getString("token.id") + "/revoke")
                .then()
                .statusCode(200)
                .body("state", equalTo("revoked"))
                .body("revokedBy", equalTo("ada"))
                .body("reason", equalTo("lost"));

        Duration dead = awaitStatus(secret, 401);
        System.out.println("revoked over HTTP after " + dead);
        assertThat(dead).isLessThan(PROMISED);
        given().auth()
                .oauth2(secret)
                .get("/api/v1/releases")
                .then()
                .contentType("application/problem+json")
                .header("WWW-Authenticate", containsString("invalid_token"))
                .body("detail", containsString("revoked at"));
    }

    @Test
    void shouldNoteTheDayOfTheLastUse() {
        JsonPath issued = issue("viewer");
        String path = "/api/v1/tokens/" + issued.getString("token.id");
        admin().get(path).then().body("lastUsed", nullValue());

        awaitStatus(issued.getString("secret"), 200);

        admin().get(path).then().body("lastUsed", matchesPattern("\\d{4}-\\d\\d-\\d\\d"));
    }

    @Test
    void shouldAcceptOldAndNewWhileTheyOverlap() {
        JsonPath issued = issue("viewer");
        String path = "/api/v1/tokens/" + issued.getString("token.id") + "/rotate";
        awaitStatus(issued.getString("secret"), 200);

        String next = admin().body("{\"overlap\": \"PT1H\"}")
                .post(path)
                .then()
                .statusCode(200)
                .extract()
                .path("secret");
        awaitStatus(next, 200);
        awaitStatus(issued.getString("secret"), 200);

        String last =
                admin().body("{}").post(path).then().statusCode(200).extract().path("secret");
        awaitStatus(last, 200);
        awaitStatus(issued.getString("secret"), 401);
        awaitStatus(next, 401);
    }

    @Test
    void shouldNameEveryFaultOfAWish() {
        admin().body("""
                        {"name": "No Name", "roles": ["emperor"], "aliases": ["mara"], "lifetime": "P1000D"}""")
                .post("/api/v1/tokens")
                .then()
                .statusCode(422)
                .contentType("application/problem+json")
                .body("faults.path", hasItems("name", "roles[0]", "aliases[0]", "lifetime"));
    }

    @ParameterizedTest
    @CsvSource({"PT59S, 422", "PT1M, 201", "P365D, 201", "P365DT1S, 422"})
    void shouldIssueNoTokenForLongerThanTheSettingAllows(Duration lifetime, int status) {
        ValidatableResponse answer = admin().body(
                        "{\"name\": \"%s\", \"roles\": [\"viewer\"], \"lifetime\": \"%s\"}".formatted(name, lifetime))
                .post("/api/v1/tokens")
                .then()
                .statusCode(status);

        answer.body("faults.path", status == 422 ? contains("lifetime") : nullValue());
    }

    @ParameterizedTest
    @CsvSource({"-PT1S, 422", "P7D, 200", "P7DT1S, 422"})
    void shouldKeepAnOldSecretForAWeekAtMost(Duration overlap, int status) {
        String id = issue("viewer").getString("token.id");

        ValidatableResponse answer = admin().body("{\"overlap\": \"%s\"}".formatted(overlap))
                .post("/api/v1/tokens/{id}/rotate", id)
                .then()
                .statusCode(status);

        answer.body("faults.path", status == 422 ? contains("overlap") : nullValue());
    }

    @Test
    void shouldRefuseASecondTokenOfAName() {
        issue("viewer");

        admin().body("{\"name\": \"%s\", \"roles\": [\"viewer\"]}".formatted(name))
                .post("/api/v1/tokens")
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:slipway:problem:name-taken"));
    }

    @Test
    void shouldLetAdminsAloneSeeTokens() {
        String operator = issue("operator").getString("secret");
        awaitStatus(operator, 200);

        given().auth().oauth2(operator).get("/api/v1/tokens").then().statusCode(403);
    }

    private JsonPath issue(String role) {
        return admin().body("{\"name\": \"%s\", \"roles\": [\"%s\"]}".formatted(name, role))
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
    }

    private static RequestSpecification admin() {
        return given().auth().oauth2(ADMIN).contentType(ContentType.JSON);
    }

    /// Asked without rest until the answer is that one. @return how long it took
    private static Duration awaitStatus(String secret, int status) {
        long start = System.nanoTime();
        int last = 0;
        while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(10)) {
            last = given().auth().oauth2(secret).get("/api/v1/releases?limit=1").statusCode();
            if (last == status) {
                return Duration.ofNanos(System.nanoTime() - start);
            }
        }
        throw new AssertionError("still " + last + ", not " + status);
    }
}
