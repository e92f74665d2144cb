package dev.slipway.deploy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.outbound.OutboundHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Against a server that does not keep to the rules, byte by byte.
class HttpCallsTest {
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n";

    private final HttpCalls calls = new HttpCalls(OutboundHttp.to("127.0.0.0/8"));
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    @Test
    void shouldGiveUpOnAnAnswerThatBeginsAndNeverEnds() {
        answering(HEAD.formatted(10) + "half");

        assertThatThrownBy(() -> calls.send(request(), Duration.ofMillis(300)))
                .isInstanceOf(HttpTimeoutException.class)
                .hasMessage("no answer within 300 ms");
    }

    @Test
    void shouldNotTakeInMoreThanItMay() {
        answering(HEAD.formatted(HttpCalls.LARGEST_BODY + 1) + "x".repeat(HttpCalls.LARGEST_BODY + 1));

        assertThatThrownBy(() -> calls.send(request(), Duration.ofSeconds(10)))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void shouldTakeInAllThatItMay() throws IOException {
        answering(HEAD.formatted(HttpCalls.LARGEST_BODY) + "x".repeat(HttpCalls.LARGEST_BODY));

        assertThat(calls.send(request(), Duration.ofSeconds(10)).body()).hasSize(HttpCalls.LARGEST_BODY);
    }

    private HttpRequest request() {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"))
                .build();
    }

    /// Answers the next request with these bytes and keeps the connection open.
    private void answering(String bytes) {
        Thread.ofVirtual().start(() -> {
            try {
                Socket socket = server.accept();
                open.add(socket);
                socket.getInputStream().read();
                socket.getOutputStream().write(bytes.getBytes(US_ASCII));
                socket.getOutputStream().flush();
            } catch (IOException _) {
                // the test says what it misses
            }
        });
    }
}
