package dev.slipway.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testkit.http.RawHttp;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What no client library sends.
@QuarkusTest
@QuarkusTestResource(WebBackends.class)
class RawRequestsTest {
    private static final int LONGEST_LINE = 16 << 10;

    @TestHTTPResource("/")
    URI service;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/things/|",
                "/api/v1/things/{id}",
                "/api/v1/things/\"<>\"",
                "/api/v1/things/^`",
                "/api/v1/things/a\\b",
                "/api/v1/things/[1]",
                "/api/v1/things/\u00e4\u00ff",
                "/api/v1/things/%",
                "/api/v1/things/%2",
                "/api/v1/things/%zz",
                "/api/v1/things/%C3",
                "/api/v1/things/%FF%FE",
                "/api/v1/things/%00",
                "/api/v1/things/%2F..%2F",
                "/api/v1/things;a=b",
                "/api/v1/thin;a=bgs/_%25/7",
                "/api/v1/things/..",
                "/api/v1/../../v1/things",
                "//api//v1//things",
                "/api/v1/things?x=%zz",
                "/api/v1/things?cursor=%",
                "/api/v1/things?limit=|",
                "/api/v1/things?%=&=&&&",
                "http://elsewhere.example/api/v1/things",
                "/%zz",
                "?",
                "*",
            })
    void shouldAnswerWhateverStandsInARequestLine(String target) throws IOException {
        for (String method : List.of("GET", "POST", "DELETE", "FROB")) {
            RawHttp.Answer answer = send(method, target);

            assertThat(answer.status()).as(method).isLessThan(500);
            if (!isUri(target)) {
                // Refused before anybody here reads it: docs/operations says so.
                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.body()).isEmpty();
            } else if (answer.status() >= 400) {
                assertThat(answer.problem()).as("%s: %s", method, answer).isNotEmpty();
                assertThat(answer.json().path("status").asInt()).isEqualTo(answer.status());
            }
            if (answer.status() == 405) {
                assertThat(answer.headers().get("allow")).as(method).isNotBlank();
            }
        }
    }

    /// Whoever answers: an endpoint, the framework, or what stands before both.
    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/things", "/api/v1/things/7", "/nothing", "/healthz", "/q/health"})
    void shouldTellBrowsersToKeepTheirHandsOffEveryAnswer(String target) throws IOException {
        assertThat(send("GET", target).headers())
                .containsEntry("x-content-type-options", "nosniff")
                .containsEntry("x-frame-options", "DENY")
                .containsEntry("referrer-policy", "no-referrer")
                .hasEntrySatisfying(
                        "content-security-policy",
                        policy -> assertThat(policy).contains("default-src 'none'", "frame-ancestors 'none'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"//api//v1//things/7", "/api/v1/things/../things/7", "/api/v1/things/%7c%3b"})
    void shouldNameTheMethodsOfAPathHoweverItIsWritten(String target) throws IOException {
        assertThat(send("DELETE", target).headers()).containsEntry("allow", "GET, HEAD");
    }

    @Test
    void shouldReadALongRequestLineAndSayWhatIsWrongWithIt() throws IOException {
        String target = "/api/v1/things?limit=" + "1".repeat(LONGEST_LINE - 100);

        RawHttp.Answer answer = send("GET", target);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/faults/0/path").asText()).isEqualTo("limit");
    }

    /// What the HTTP server itself refuses: docs/operations says so.
    @ParameterizedTest
    @CsvSource({"line, 414", "header, 431", "syntax, 400"})
    void shouldRefuseWhatIsNoRequest(String what, int status) throws IOException {
        String much = "x".repeat(2 * LONGEST_LINE);
        RawHttp.Answer answer = switch (what) {
            case "line" -> send("GET", "/api/v1/things?limit=" + much);
            case "header" -> send("GET", "/api/v1/things", Map.of("X-Long", much));
            default -> send("GET", "/api/v1/things /of mine");
        };

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).isEmpty();
    }

    private static boolean isUri(String target) {
        try {
            return !new URI(target).toString().isEmpty();
        } catch (URISyntaxException _) {
            return false;
        }
    }

    private RawHttp.Answer send(String method, String target) throws IOException {
        return send(method, target, Map.of("Authorization", "Bearer ada-token", "Content-Type", "application/json"));
    }

    private RawHttp.Answer send(String method, String target, Map<String, String> headers) throws IOException {
        try (RawHttp http = new RawHttp(service)) {
            byte[] body = method.equals("GET") ? new byte[0] : "{}".getBytes(UTF_8);
            return http.send(new RawHttp.Request(method, target, headers, body));
        }
    }
}
