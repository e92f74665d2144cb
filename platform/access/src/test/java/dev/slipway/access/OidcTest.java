package dev.slipway.access;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;

import dev.slipway.testkit.RealBackends;
import dev.slipway.testkit.TestIssuer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// An issuer with real keys beside the tokens of the configuration.
@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@QuarkusTestResource(value = OidcTest.Issuer.class, restrictToAnnotatedClass = true)
@TestProfile(OidcTest.WithIssuer.class)
class OidcTest {
    private static final String OWN = "a token of the configuration";
    private static final TestIssuer.Key RSA = TestIssuer.rsa("rsa-1");
    private static final TestIssuer.Key EC = TestIssuer.ec("ec-1");

    private static TestIssuer issuer;

    /// A profile of its own, and what the claims mean.
    public static final class WithIssuer implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.ofEntries(
                    Map.entry("quarkus.oidc.tenant-enabled", "true"),
                    Map.entry("quarkus.oidc.token.forced-jwk-refresh-interval", "PT0S"),
                    Map.entry("slipway.oidc.role-claim", "realm_access/roles"),
                    Map.entry("slipway.oidc.grants[0].value", "release-managers"),
                    Map.entry("slipway.oidc.grants[0].roles", "operator,approver:technical-lead"),
                    Map.entry("slipway.oidc.aliases[0].kind", "github"),
                    Map.entry("slipway.oidc.aliases[0].claim", "github_login"),
                    Map.entry("slipway.access.tokens[0].name", "own"),
                    Map.entry("slipway.access.tokens[0].sha256", AccessSecret.sha256(OWN)),
                    Map.entry("slipway.access.tokens[0].roles", "viewer"));
        }
    }

    /// Runs as long as the service does.
    public static final class Issuer implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            issuer = TestIssuer.start(0, RSA, EC);
            return Map.of("quarkus.oidc.auth-server-url", issuer.url());
        }

        @Override
        public void stop() {
            issuer.close();
        }
    }

    static List<TestIssuer.Key> keys() {
        return List.of(RSA, EC);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void shouldLetInWhomTheIssuerVouchesFor(TestIssuer.Key key) {
        call(TestIssuer.sign(key, claims()))
                .statusCode(200)
                .body("person", equalTo("mara"))
                .body("name", equalTo("oidc:mara"))
                .body("roles", hasItems("operator", "viewer", "approver:technical-lead"))
                .body("aliases", containsInAnyOrder("github:mara-k", "email:mara@example.org"));
    }

    @Test
    void shouldLetInTokensOfItsOwnBesideTheIssuers() {
        call(OWN).statusCode(200).body("person", equalTo("own"));
    }

    @Test
    void shouldGrantNothingToThoseWithoutAKnownGroup() {
        call(TestIssuer.sign(RSA, with("realm_access", Map.of("roles", List.of("admin")))))
                .statusCode(403);
    }

    @Test
    void shouldKnowEveryNameThatAClaimHolds() {
        call(TestIssuer.sign(RSA, with("github_login", List.of("mara-k", "mk"))))
                .statusCode(200)
                .body("aliases", containsInAnyOrder("github:mara-k", "github:mk", "email:mara@example.org"));
    }

    @Test
    void shouldNotTakeAnUnverifiedAddressForAnAlias() {
        call(TestIssuer.sign(RSA, with("email_verified", false)))
                .statusCode(200)
                .body("aliases", containsInAnyOrder("github:mara-k"));
    }

    @Test
    void shouldRefuseATokenThatDoesNotSayWhoItIsFor() {
        call(TestIssuer.sign(RSA, without("preferred_username")))
                .statusCode(401)
                .body("detail", containsString("preferred_username"));
    }

    @Test
    void shouldRefuseATokenThatSaysItIsForSeveral() {
        call(TestIssuer.sign(RSA, with("preferred_username", List.of("mara", "tomas"))))
                .statusCode(401)
                .body("detail", containsString("several values of the claim 'preferred_username'"));
    }

    static List<String> bad() {
        return List.of(
                "expired",
                "without an end",
                "not yet valid",
                "for somebody else",
                "for nobody",
                "of another issuer",
                "unsigned",
                "signed with the public key",
                "with an unknown key",
                "with a known key's name",
                "changed",
                "cut off");
    }

    @ParameterizedTest
    @MethodSource("bad")
    void shouldRefuseEveryOther(String how) {
        call(badToken(how))
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", containsString("Bearer"))
                .body("type", equalTo("urn:slipway:problem:unauthenticated"));
    }

    private static String badToken(String how) {
        long now = Instant.now().getEpochSecond();
        String good = TestIssuer.sign(RSA, claims());
        return switch (how) {
            case "expired" -> TestIssuer.sign(RSA, with("exp", now - 60));
            case "without an end" -> TestIssuer.sign(RSA, without("exp"));
            case "not yet valid" -> TestIssuer.sign(RSA, with("nbf", now + 300));
            case "for somebody else" -> TestIssuer.sign(RSA, with("aud", "payroll"));
            case "for nobody" -> TestIssuer.sign(RSA, without("aud"));
            case "of another issuer" -> TestIssuer.sign(RSA, with("iss", "https://issuer.example"));
            case "unsigned" -> TestIssuer.unsigned(claims());
            case "signed with the public key" -> TestIssuer.signedWithThePublicKey(RSA, claims());
            case "with an unknown key" -> TestIssuer.sign(TestIssuer.rsa("rsa-x"), claims());
            case "with a known key's name" -> TestIssuer.sign(TestIssuer.rsa(RSA.id()), claims());
            case "changed" -> another() + good.substring(good.lastIndexOf('.'));
            case "cut off" -> good.substring(0, good.length() - 8);
            default -> throw new IllegalArgumentException(how);
        };
    }

    /// What another token says, for the signature of the first.
    private static String another() {
        String changed = TestIssuer.sign(RSA, with("preferred_username", "root"));
        return changed.substring(0, changed.lastIndexOf('.'));
    }

    @Test
    void shouldKnowANewKeyAsSoonAsItIsUsed() {
        TestIssuer.Key next = TestIssuer.rsa("rsa-2");
        call(TestIssuer.sign(next, claims())).statusCode(401);

        issuer.publish(next);

        call(TestIssuer.sign(next, claims())).statusCode(200);
        call(TestIssuer.sign(RSA, claims())).statusCode(200);
    }

    private static Map<String, Object> claims() {
        Map<String, Object> claims = TestIssuer.claims(issuer.url(), "mara", Instant.now());
        claims.put("sub", "b3c1");
        claims.put("github_login", "mara-k");
        claims.put("email", "Mara@example.org");
        claims.put("email_verified", true);
        claims.put("realm_access", Map.of("roles", List.of("release-managers", "uma")));
        return claims;
    }

    private static Map<String, Object> with(String claim, Object value) {
        Map<String, Object> claims = claims();
        claims.put(claim, value);
        return claims;
    }

    private static Map<String, Object> without(String claim) {
        Map<String, Object> claims = claims();
        claims.remove(claim);
        return claims;
    }

    private static ValidatableResponse call(String token) {
        return given().auth().oauth2(token).get("/api/v1/who").then();
    }
}
