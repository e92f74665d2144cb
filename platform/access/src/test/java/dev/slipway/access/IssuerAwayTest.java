package dev.slipway.access;

import static io.restassured.RestAssured.given;

import dev.slipway.testkit.RealBackends;
import dev.slipway.testkit.TestIssuer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/// The issuer comes after the service.
@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@TestProfile(IssuerAwayTest.Away.class)
class IssuerAwayTest {
    private static final String OWN = "a token of the configuration";

    /// Nobody is at the issuer's address.
    public static final class Away implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.ofEntries(
                    Map.entry("quarkus.oidc.tenant-enabled", "true"),
                    Map.entry("quarkus.oidc.auth-server-url", "http://localhost:" + freePort()),
                    Map.entry("slipway.oidc.grants[0].value", "all"),
                    Map.entry("slipway.oidc.grants[0].roles", "viewer"),
                    Map.entry("slipway.access.tokens[0].name", "own"),
                    Map.entry("slipway.access.tokens[0].sha256", AccessSecret.sha256(OWN)),
                    Map.entry("slipway.access.tokens[0].roles", "viewer"));
        }
    }

    @Test
    void shouldStartWithoutTheIssuerAndTakeItsTokensWhenItIsThere() {
        TestIssuer.Key key = TestIssuer.rsa("rsa-1");
        given().auth().oauth2(OWN).get("/api/v1/who").then().statusCode(200);
        given().auth()
                .oauth2(token(key))
                .get("/api/v1/who")
                .then()
                .statusCode(503)
                .header("Retry-After", "5")
                .contentType("application/problem+json");

        try (var _ = TestIssuer.start(URI.create(url()).getPort(), key)) {
            given().auth().oauth2(token(key)).get("/api/v1/who").then().statusCode(200);
        }
    }

    private static String url() {
        return ConfigProvider.getConfig().getValue("quarkus.oidc.auth-server-url", String.class);
    }

    private static String token(TestIssuer.Key key) {
        Map<String, Object> claims = TestIssuer.claims(url(), "mara", Instant.now());
        claims.put("groups", List.of("all"));
        return TestIssuer.sign(key, claims);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
