package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testkit.http.RawHttp;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/// A plain port beside HTTPS that sends callers on (`QUARKUS_HTTP_INSECURE_REQUESTS=redirect`).
@QuarkusTest
@QuarkusTestResource(WebBackends.class)
@TestProfile(HttpsRedirectTest.Redirecting.class)
class HttpsRedirectTest {
    public static final class Redirecting extends HttpsTest.WithCertificate {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> config = new HashMap<>(super.getConfigOverrides());
            config.put("quarkus.http.insecure-requests", "redirect");
            config.put("quarkus.http.test-ssl-port", Integer.toString(freePort()));
            return config;
        }
    }

    @TestHTTPResource(value = "/", tls = true)
    URI secure;

    @ConfigProperty(name = "quarkus.http.test-port")
    int plain;

    @Test
    void shouldSendWhoeverComesWithoutTlsOnAndTellThemNothing() throws IOException {
        URI insecure = URI.create("http://localhost:%d/".formatted(plain));
        try (RawHttp http = new RawHttp(insecure)) {
            RawHttp.Answer answer = http.send(new RawHttp.Request(
                    "GET", "/api/v1/things/me?x=1", Map.of("Authorization", "Bearer ada-token"), new byte[0]));

            assertThat(answer.status()).isIn(301, 308);
            assertThat(answer.headers().get("location"))
                    .isEqualTo("https://localhost:%d/api/v1/things/me?x=1".formatted(secure.getPort()));
            assertThat(answer.body()).isEmpty();
        }
    }
}
