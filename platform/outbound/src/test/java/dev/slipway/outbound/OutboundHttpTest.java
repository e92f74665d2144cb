package dev.slipway.outbound;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Against a server on this machine, which most of the time may be asked.
@Timeout(10)
class OutboundHttpTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int PLENTY = 1 << 20;
    private static final Vertx VERTX = Vertx.vertx();
    private static final AddressGuard LOOPBACK = new AddressGuard(List.of("127.0.0.0/8"));

    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer server;

    @AfterEach
    void stop() {
        end.countDown();
        if (server != null) {
            server.stop(0);
        }
    }

    @AfterAll
    static void close() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void shouldSendWhatItIsGivenAndReturnWhatComes() throws Exception {
        URI url = serve(exchange -> {
            exchange.getResponseHeaders()
                    .add("X-Seen", exchange.getRequestHeaders().getFirst("X-Sent"));
            exchange.getResponseHeaders().add("Set-Cookie", "a=1");
            exchange.getResponseHeaders().add("Set-Cookie", "b=2");
            answer(
                    exchange,
                    201,
                    exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                            + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        });

        HttpResponse<byte[]> answer = http("127.0.0.1")
                .send(
                        HttpRequest.newBuilder(url.resolve("/a%20b?c=d&e"))
                                .header("X-Sent", "yes")
                                .method("PATCH", BodyPublishers.ofString("Größe"))
                                .build(),
                        SOON,
                        PLENTY);

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().firstValue("x-seen")).contains("yes");
        assertThat(answer.headers().allValues("Set-Cookie")).containsExactly("a=1", "b=2");
        assertThat(new String(answer.body(), UTF_8)).isEqualTo("PATCH /a%20b?c=d&e Größe");
    }

    @Test
    void shouldAskTheAddressItCheckedWhateverTheNameSaysNext() throws Exception {
        URI url = serve(
                exchange -> answer(exchange, 200, exchange.getRequestHeaders().getFirst("Host")));
        AtomicInteger lookups = new AtomicInteger();
        // The second answer of this name server leads elsewhere.
        Resolver rebinding = _ ->
                new InetAddress[] {InetAddress.getByName(lookups.getAndIncrement() == 0 ? "127.0.0.1" : "127.0.0.99")};

        HttpResponse<byte[]> answer = http(rebinding, LOOPBACK)
                .send(get(URI.create("http://shop.invalid:" + url.getPort() + "/")), SOON, PLENTY);

        assertThat(new String(answer.body(), UTF_8)).isEqualTo("shop.invalid:" + url.getPort());
        assertThat(lookups).hasValue(1);
    }

    @Test
    void shouldSendNothingWhereNoRequestMayGo() throws Exception {
        URI url = serve(exchange -> answer(exchange, 200, ""));

        assertThatThrownBy(() -> OutboundHttp.to().send(get(url), SOON, PLENTY)).isInstanceOf(Refused.class);
        assertThat(asked).hasValue(0);
    }

    @Test
    void shouldNotFollowARedirect() throws Exception {
        URI url = serve(exchange -> {
            exchange.getResponseHeaders().add("Location", "http://169.254.169.254/latest");
            answer(exchange, 302, "");
        });

        assertThat(http("127.0.0.1").send(get(url), SOON, PLENTY).statusCode()).isEqualTo(302);
        assertThat(asked).hasValue(1);
    }

    @Test
    void shouldTryTheNextAddressWhenNobodyListensAtTheFirst() throws Exception {
        URI url = serve(exchange -> answer(exchange, 200, "here"));

        HttpResponse<byte[]> answer = http("127.0.0.98", "127.0.0.1").send(get(url), SOON, PLENTY);

        assertThat(answer.body()).asString(UTF_8).isEqualTo("here");
    }

    @Test
    void shouldSayWhenNobodyListens() throws Exception {
        URI url = serve(exchange -> answer(exchange, 200, ""));
        server.stop(0);

        assertThatThrownBy(() -> http("127.0.0.1").send(get(url), SOON, PLENTY)).isInstanceOf(ConnectException.class);
    }

    @Test
    void shouldTakeInAllThatItMayAndNotMore() throws Exception {
        URI url = serve(exchange -> answer(exchange, 200, "x".repeat(100_000)));

        assertThat(http("127.0.0.1").send(get(url), SOON, 100_000).body()).hasSize(100_000);
        assertThatThrownBy(() -> http("127.0.0.1").send(get(url), SOON, 99_999)).isInstanceOf(AnswerTooLarge.class);
        assertThat(http("127.0.0.1").sendForStart(get(url), SOON, 7).body())
                .asString(UTF_8)
                .isEqualTo("xxxxxxx");
        assertThat(http("127.0.0.1").sendForStart(get(url), SOON, PLENTY).body())
                .hasSize(100_000);
    }

    @Test
    void shouldNotUnpackAnAnswer() throws Exception {
        URI url = serve(exchange -> {
            exchange.getResponseHeaders().add("Content-Encoding", "gzip");
            answer(exchange, 200, "not unpacked");
        });

        assertThat(http("127.0.0.1").send(get(url), SOON, PLENTY).body())
                .asString(UTF_8)
                .isEqualTo("not unpacked");
    }

    @Test
    void shouldGiveUpOnAnAnswerThatBeginsAndNeverEnds() throws Exception {
        URI url = serve(exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write("half".getBytes(UTF_8));
            exchange.getResponseBody().flush();
            await(end);
        });

        assertThatThrownBy(() -> http("127.0.0.1").send(get(url), Duration.ofMillis(300), PLENTY))
                .isInstanceOf(HttpTimeoutException.class)
                .hasMessage("no answer within 300 ms");
    }

    @Test
    void shouldGiveUpOnANameServerThatSaysNothing() {
        Resolver silent = _ -> {
            await(end);
            throw new UnknownHostException("late");
        };

        assertThatThrownBy(() ->
                        http(silent, LOOPBACK).send(get(URI.create("http://shop.invalid/")), Duration.ofMillis(200), 1))
                .isInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void shouldPassOnThatANameIsUnknown() {
        assertThatThrownBy(() -> OutboundHttp.to().send(get(URI.create("http://no.such.host.invalid/")), SOON, 1))
                .isInstanceOf(UnknownHostException.class);
    }

    @Test
    void shouldSayWhenAnExchangeBreaksOff() throws Exception {
        URI url = serve(exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write("half".getBytes(UTF_8));
            exchange.close();
        });

        assertThatThrownBy(() -> http("127.0.0.1").send(get(url), SOON, PLENTY))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(HttpTimeoutException.class);
    }

    private static OutboundHttp http(String... addresses) {
        return http(
                _ -> {
                    InetAddress[] all = new InetAddress[addresses.length];
                    for (int i = 0; i < all.length; i++) {
                        all[i] = InetAddress.getByName(addresses[i]);
                    }
                    return all;
                },
                LOOPBACK);
    }

    private static OutboundHttp http(Resolver resolver, AddressGuard guard) {
        return new OutboundHttp(VERTX, Optional.empty(), guard, resolver);
    }

    private static HttpRequest get(URI url) {
        return HttpRequest.newBuilder(url).build();
    }

    private URI serve(HttpHandler handler) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            handler.handle(exchange);
        });
        server.start();
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
