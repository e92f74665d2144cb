package dev.slipway.deploy.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.ServiceBackends;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever comes in gets a clear answer or a verdict in the list, and harms nothing else.
@QuarkusTest
@QuarkusTestResource(ServiceBackends.class)
class BadDeliveriesTest {
    @TestHTTPResource("/")
    URI base;

    private WebhookShop shop;

    @BeforeEach
    void open() throws Exception {
        shop = WebhookShop.open(base);
    }

    @ParameterizedTest
    @ValueSource(strings = {"not JSON", "[]", "{\"action\": \"completed\"", "payload=%7B%7D"})
    void shouldTakeNoteOfABodyItCannotRead(String body) throws Exception {
        HttpResponse<String> answer = shop.deliver("d-1", "workflow_run", body);

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(shop.listed()).containsExactly("ignored d-1");
        assertThat(shop.newestReason()).startsWith("the body is unreadable: ");
    }

    @Test
    void shouldTakeNoteOfABodyThatMeansTwoThings() throws Exception {
        String twice = WorkflowRuns.good().replace("\"action\"", "\"action\": \"requested\", \"action\"");

        HttpResponse<String> answer = shop.deliver("d-1", "workflow_run", twice);

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(shop.newestReason()).isEqualTo("the body is unreadable: the name 'action' is there twice");
    }

    @Test
    void shouldReadABodyWhateverItsSenderCallsIt() throws Exception {
        String body = WorkflowRuns.good();
        HttpRequest delivery = shop.delivery(shop.application(), "d-1", "workflow_run", signature(body))
                .setHeader("Content-Type", "image/png")
                .POST(BodyPublishers.ofString(body))
                .build();

        HttpResponse<String> answer = shop.send(delivery);

        assertThat(WebhookShop.json(answer).get("verdict").textValue()).isEqualTo("candidate");
    }

    @Test
    void shouldTakeNoteOfADeliveryThatIsNotSigned() throws Exception {
        HttpRequest delivery = shop.request("api/v1/webhooks/github/" + shop.application())
                .header("X-GitHub-Delivery", "d-1")
                .header("X-GitHub-Event", "ping")
                .POST(BodyPublishers.ofString("{}"))
                .build();

        HttpResponse<String> answer = shop.send(delivery);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(shop.listed()).containsExactly("refused d-1");
        assertThat(shop.newestReason()).isEqualTo("there is no signature");
    }

    @Test
    void shouldRefuseAnIdThatIsTooLongToBeKept() throws Exception {
        HttpResponse<String> answer = shop.deliver("d".repeat(201), "ping", "{}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(WebhookShop.json(answer).get("detail").textValue())
                .isEqualTo("The header X-GitHub-Delivery has 201 characters, more than 200.");
        assertThat(shop.listed()).isEmpty();
    }

    @Test
    void shouldRefuseHeadersOfAbsurdLength() throws Exception {
        HttpResponse<String> answer = shop.deliver("d".repeat(60_000), "ping", "{}");

        assertThat(answer.statusCode()).isEqualTo(431);
    }

    @ParameterizedTest
    @ValueSource(strings = {"d\u0001", "d\u00001", "d\t1", "d\u007f", "d\u00e4"})
    void shouldRefuseHeaderValuesWithControlCharacters(String id) throws Exception {
        String answer = raw("X-GitHub-Delivery: " + id, "{}");

        assertThat(answer).startsWith("HTTP/1.1 400 ");
        assertThat(shop.listed()).isEmpty();
    }

    @Test
    void shouldRefuseABodyThatEndsEarly() throws Exception {
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.getOutputStream().write(head("X-GitHub-Delivery: d-1", 100).getBytes(ISO_8859_1));
            socket.getOutputStream().write("{".getBytes(ISO_8859_1));
        }

        assertThat(shop.deliver("d-2", "ping", "{}").statusCode()).isEqualTo(202);
        assertThat(shop.listed()).containsExactly("ignored d-2");
    }

    @Test
    void shouldRefuse30MegabytesAndGoOn() throws Exception {
        byte[] large = new byte[30 << 20];

        HttpResponse<String> announced = shop.deliver("d-1", "ping", "sha256=00", BodyPublishers.ofByteArray(large));
        HttpResponse<String> unannounced = shop.deliver(
                "d-2", "ping", "sha256=00", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)));

        assertThat(announced.statusCode()).isEqualTo(413);
        assertThat(unannounced.statusCode()).isEqualTo(413);
        assertThat(shop.deliver("d-3", "ping", "{}").statusCode()).isEqualTo(202);
        assertThat(shop.listed()).containsExactly("ignored d-3");
    }

    @Test
    void shouldTakeSmallDeliveriesWhileLargeOnesCrowdIn() throws Exception {
        byte[] large = new byte[20 << 20];
        String signature = GitHubSignature.header(large, ServiceBackends.SECRET);
        List<Future<HttpResponse<String>>> answers = new ArrayList<>();

        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                String id = "large-" + i;
                answers.add(
                        senders.submit(() -> shop.deliver(id, "push", signature, BodyPublishers.ofByteArray(large))));
            }
            assertThat(shop.deliver("small", "ping", "{}").statusCode()).isEqualTo(202);
        }

        for (Future<HttpResponse<String>> answer : answers) {
            assertThat(answer.get().statusCode()).isIn(202, 503);
        }
        assertThat(shop.listed()).contains("ignored small");
    }

    /// Sends a delivery whose headers no client library would send.
    private String raw(String idHeader, String body) throws IOException {
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write((head(idHeader, body.length()) + body).getBytes(ISO_8859_1));
            InputStream answer = socket.getInputStream();
            return new String(answer.readNBytes("HTTP/1.1 400 Bad Request".length()), ISO_8859_1);
        }
    }

    private String head(String idHeader, int length) {
        return """
                POST /api/v1/webhooks/github/%s HTTP/1.1
                Host: localhost
                X-GitHub-Event: ping
                %s
                %s: %s
                Content-Length: %d

                """.formatted(shop.application(), idHeader, GitHubSignature.HEADER, signature("{}"), length)
                .replace("\n", "\r\n");
    }

    private static String signature(String body) {
        return GitHubSignature.header(body.getBytes(UTF_8), ServiceBackends.SECRET);
    }
}
