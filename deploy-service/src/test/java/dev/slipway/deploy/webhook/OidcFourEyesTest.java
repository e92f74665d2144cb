package dev.slipway.deploy.webhook;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import dev.slipway.deploy.ServiceBackends;
import dev.slipway.testkit.TestIssuer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Nobody approves their own release by a token of the issuer either. CI's run was started by `mara-k` at GitHub, and
/// tested a commit of `jo@shop.example`.
@QuarkusTest
@QuarkusTestResource(ServiceBackends.class)
class OidcFourEyesTest {
    @TestHTTPResource("/")
    URI base;

    @Inject
    WaitingReleases releases;

    private String release;

    @BeforeEach
    void openRelease() throws Exception {
        release = releases.open(base);
    }

    @Test
    void shouldLetSomebodyElseApprove() {
        approve(token("ines", Map.of("github_login", "ines-b", "email", "ines@shop.example", "email_verified", true)))
                .statusCode(200)
                .body("person", equalTo("ines"));
    }

    @ParameterizedTest
    @CsvSource({
        "github_login, mara-k",
        "github_login, MARA-K",
        "email, jo@shop.example",
        "email, Jo@Shop.example",
    })
    void shouldKnowWhoHadAPartByTheClaimsOfTheirToken(String claim, String name) {
        isRefused(approve(token("m" + UUID.randomUUID(), Map.of(claim, name, "email_verified", true))));
    }

    @Test
    void shouldKnowWhoHadAPartByThePersonOfAnIssuedToken() {
        String person = "p" + UUID.randomUUID();
        issue(person, "github:mara-k");

        isRefused(approve(token(person, Map.of())));
    }

    @Test
    void shouldKnowWhoHadAPartByWhatAnEarlierTokenOfTheIssuerSaid() {
        String person = "p" + UUID.randomUUID();
        given().auth()
                .oauth2(token(person, Map.of("github_login", "mara-k")))
                .get("/api/v1/releases")
                .then()
                .statusCode(200);

        isRefused(approve(token(person, Map.of())));
    }

    @Test
    void shouldTakeTwoNamesOfOnePersonForOne() {
        String login = "l" + UUID.randomUUID();
        approve(token("p" + UUID.randomUUID(), Map.of("github_login", login))).statusCode(200);

        approve(token("p" + UUID.randomUUID(), Map.of("github_login", login)), "business")
                .statusCode(409)
                .body("type", equalTo("urn:slipway:problem:same-person"));
    }

    private static void isRefused(ValidatableResponse answer) {
        answer.statusCode(403)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:slipway:problem:own-release"));
    }

    private static String token(String person, Map<String, ?> more) {
        Map<String, Object> claims =
                new HashMap<>(TestIssuer.claims(ServiceBackends.issuer().url(), person, Instant.now()));
        claims.put("groups", List.of("release-managers"));
        claims.putAll(more);
        return TestIssuer.sign(ServiceBackends.ISSUERS_KEY, claims);
    }

    private static void issue(String person, String alias) {
        given().auth()
                .oauth2("ada-token")
                .contentType(ContentType.JSON)
                .body(Map.of("name", person, "person", person, "roles", List.of("viewer"), "aliases", List.of(alias)))
                .post("/api/v1/tokens")
                .then()
                .statusCode(201);
    }

    private ValidatableResponse approve(String token) {
        return approve(token, "technical-lead");
    }

    private ValidatableResponse approve(String token, String role) {
        return given().auth()
                .oauth2(token)
                .contentType(ContentType.JSON)
                .body(Map.of("role", role))
                .post("/api/v1/releases/{id}/approvals", release)
                .then();
    }
}
