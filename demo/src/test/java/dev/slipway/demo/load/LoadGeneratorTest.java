package dev.slipway.demo.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoadGeneratorTest {
    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger orders = new AtomicInteger();
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private volatile boolean hangs;
    private HttpServer shop;

    @BeforeEach
    void start() throws IOException {
        shop = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        shop.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        shop.createContext("/api/login", exchange -> answer(exchange, 200, "{\"token\":\"t\"}"));
        shop.createContext("/api/orders", this::orders);
        shop.start();
    }

    @AfterEach
    void stop() {
        mayAnswer.countDown();
        vertx.close();
        shop.stop(0);
    }

    @Test
    void shouldCountWhatItSawPerVersionAndStatus() {
        LoadGenerator load = LoadGenerator.start(vertx, plan(200, 64), Clock.systemUTC());

        await(() -> load.record().seen().requests() >= 200);
        load.stop();

        LoadRecord.Seen seen = load.record().seen();
        assertThat(seen.answers().get("v2").get(500)).isBetween(seen.requests() / 10 - 2, seen.requests() / 10 + 2);
        assertThat(seen.failures())
                .allSatisfy(failure -> assertThat(failure.version()).isEqualTo("v2"))
                .hasSize(seen.answers().get("v2").get(500).intValue());
        assertThat(seen.notSent()).isZero();
    }

    @Test
    void shouldNeverHaveMoreOnTheWayThanPlanned() {
        hangs = true;
        LoadGenerator load = LoadGenerator.start(vertx, plan(400, 8), Clock.systemUTC());

        await(() -> load.record().seen().notSent() > 50);

        assertThat(orders.get()).isEqualTo(8);
        mayAnswer.countDown();
        load.stop();
    }

    @Test
    void shouldCountNoAnswerAsOne() {
        LoadGenerator load = LoadGenerator.start(vertx, plan(100, 8), Clock.systemUTC());
        shop.stop(0);

        await(() -> load.record().seen().answers().containsKey(LoadRecord.NO_VERSION));
        load.stop();

        assertThat(load.record().seen().answers().get(LoadRecord.NO_VERSION)).containsOnlyKeys(LoadRecord.NO_ANSWER);
    }

    @Test
    void shouldRefuseAPlanWithoutBounds() {
        assertThatThrownBy(() -> plan(1001, 8)).hasMessageContaining("1001");
        assertThatThrownBy(() -> plan(0, 8)).hasMessageContaining("per second");
        assertThatThrownBy(() -> plan(100, 513)).hasMessageContaining("513");
    }

    private LoadPlan plan(int perSecond, int mostInFlight) {
        return new LoadPlan(
                URI.create("http://127.0.0.1:" + shop.getAddress().getPort()),
                "customer",
                "pw",
                perSecond,
                mostInFlight);
    }

    private void orders(HttpExchange exchange) throws IOException {
        int number = orders.incrementAndGet();
        if (hangs) {
            try {
                mayAnswer.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
        boolean second = number % 5 == 0;
        exchange.getResponseHeaders().set("X-Shop-Version", second ? "v2" : "v1");
        answer(exchange, number % 10 == 0 ? 500 : 200, "{}");
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getRequestBody().readAllBytes();
        try (exchange) {
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
