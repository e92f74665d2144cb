package dev.slipway.trials.intake;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Kills a receiver while deliveries pour in, and looks which of those it had accepted it still knows of
/// afterwards.
final class CrashTrial {
    private static final Duration UNTIL_THE_KILL = Duration.ofSeconds(4);
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(20);
    private static final int ROUND = 9;

    private final String template;
    private final int connections;
    private final Set<String> accepted = ConcurrentHashMap.newKeySet();
    private final AtomicInteger numbers = new AtomicInteger();
    private volatile boolean killed;

    CrashTrial(int bytes, int connections) {
        this.template = SignedRun.template(bytes);
        this.connections = connections;
    }

    /// @param accepted how many deliveries were answered with 2xx before the kill
    /// @param lost how many of these were not acted on, ever
    record Losses(int accepted, int lost) {}

    Losses run(Contender contender) throws Exception {
        contender.prepare();
        CountDownLatch ended = new CountDownLatch(connections);
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(ANSWERS_WITHIN)
                .build()) {
            for (int i = 0; i < connections; i++) {
                Thread.ofVirtual().start(() -> {
                    deliver(http, contender);
                    ended.countDown();
                });
            }
            if (ended.await(UNTIL_THE_KILL.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(contender.name() + " stopped answering before it was killed");
            }
            contender.kill();
            killed = true;
            ended.await(ANSWERS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            http.shutdownNow();
        }
        Set<String> lost = new HashSet<>(accepted);
        lost.removeAll(contender.kept());
        return new Losses(accepted.size(), lost.size());
    }

    private void deliver(HttpClient http, Contender contender) {
        while (!killed) {
            int number = numbers.incrementAndGet();
            String id = "crash-%08d".formatted(number);
            byte[] body = SignedRun.body(template, ROUND, number);
            HttpRequest request = SignedRun.delivery(contender.url(), id, body)
                    .timeout(ANSWERS_WITHIN)
                    .build();
            try {
                int status = http.send(request, BodyHandlers.discarding()).statusCode();
                if (status / 100 == 2) {
                    accepted.add(id);
                }
            } catch (IOException _) {
                return;
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
