package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// With a client that says nothing it is not told to, neither length nor type.
@QuarkusTest
@QuarkusTestResource(WebBackends.class)
class BodiesTest {
    private static final int MIB = 1024 * 1024;

    @TestHTTPResource("/api/v1/things")
    URI things;

    @ParameterizedTest
    @ValueSource(ints = {1001, MIB, 11 * MIB, 40 * MIB})
    void shouldAnswerABodyOverTheLimitWithAProblem(int bytes) throws Exception {
        assertThatTooLarge(put(HttpRequest.BodyPublishers.ofByteArray(new byte[bytes])));
    }

    @ParameterizedTest
    @ValueSource(ints = {1001, MIB, 11 * MIB, 40 * MIB})
    void shouldAnswerABodyOfUnknownLengthWithAProblem(int bytes) throws Exception {
        assertThatTooLarge(
                put(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[bytes]))));
    }

    @Test
    void shouldGoOnAnsweringAfterwards() throws Exception {
        assertThatTooLarge(put(HttpRequest.BodyPublishers.ofByteArray(new byte[20 * MIB])));

        HttpResponse<String> next = put(HttpRequest.BodyPublishers.ofByteArray(new byte[1000]));

        assertThat(next.statusCode()).isEqualTo(200);
    }

    @Test
    void shouldRefuseARequestWithoutTheBodyItNeeds() throws Exception {
        HttpResponse<String> answer =
                send(request().POST(HttpRequest.BodyPublishers.noBody()).build());

        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    private HttpResponse<String> put(HttpRequest.BodyPublisher body) throws IOException, InterruptedException {
        return send(request().header("Content-Type", "text/plain").PUT(body).build());
    }

    private HttpRequest.Builder request() {
        return HttpRequest.newBuilder(things).header("Authorization", "Bearer ada-token");
    }

    private static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    private static void assertThatTooLarge(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains("\"type\":\"urn:slipway:problem:too-large\"");
    }
}
