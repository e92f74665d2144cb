package dev.slipway.deploy.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.ServiceBackends;
import dev.slipway.web.Problem;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// More deliveries than the database keeps in time: somebody holds the lock on their table.
@QuarkusTest
@QuarkusTestResource(ServiceBackends.class)
class CrowdedIntakeTest {
    /// More than wait and are being kept together.
    private static final int CROWD = 1_300;

    @TestHTTPResource("/")
    URI base;

    @Inject
    VerdictMetrics metrics;

    @Inject
    Jdbi jdbi;

    @Inject
    Clock clock;

    @Inject
    Hooks hooks;

    @Inject
    KeepDeliveries keep;

    @Inject
    Intake intake;

    private WebhookShop shop;
    private String application;
    private Hook hook;

    @BeforeEach
    void open() throws Exception {
        shop = WebhookShop.open(base);
        application = shop.application();
        hook = hooks.look(application);
    }

    @Test
    void shouldTurnAwayWhoFindsTheQueueFullAndLoseNobodyItAccepted() throws Exception {
        Map<String, CompletableFuture<Delivery>> answers = new LinkedHashMap<>();
        HttpResponse<String> turnedAway;
        try (Handle holder = hold()) {
            for (int i = 0; i < CROWD; i++) {
                answers.put("d-" + i, intake.keep(ping("d-" + i)).toCompletableFuture());
            }
            turnedAway = shop.deliver("late", "ping", "{}");
            holder.rollback();
        }

        assertThat(turnedAway.statusCode()).isEqualTo(503);
        assertThat(turnedAway.headers().firstValue("Retry-After")).contains("2");
        List<String> accepted = answers.keySet().stream()
                .filter(id -> isAccepted(answers.get(id)))
                .toList();
        assertThat(answers.values()).anyMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(accepted).hasSizeGreaterThan(1_000);
        assertThat(kept()).doesNotContain("late").containsAll(accepted);
    }

    /// They are told at once, but for some whose names the list shows.
    @Test
    void shouldKeepRoomForTheGenuineInAFloodOfForgeries() {
        List<CompletableFuture<Delivery>> forged = new ArrayList<>();
        CompletableFuture<Delivery> genuine;
        try (Handle holder = hold()) {
            for (int i = 0; i < CROWD; i++) {
                forged.add(intake.keep(signed("f-" + i, "not the secret")).toCompletableFuture());
            }
            genuine = intake.keep(ping("d-1")).toCompletableFuture();
            holder.rollback();
        }

        assertThat(isAccepted(genuine)).isTrue();
        assertThat(forged).extracting(answer -> problem(answer).status()).containsOnly(401);
        assertThat(kept()).containsExactly("d-1");
    }

    @Test
    void shouldTellWhoseDeliveryIsNotKeptInTimeToComeBackAndKeepItOnceThen() throws Exception {
        Intake hasty = new Intake(keep, metrics, Duration.ofMillis(200));
        hasty.start(new StartupEvent());
        try {
            CompletableFuture<Delivery> being;
            CompletableFuture<Delivery> waiting;
            try (Handle holder = hold()) {
                being = hasty.keep(ping("d-1")).toCompletableFuture();
                waiting = hasty.keep(ping("d-2")).toCompletableFuture();
                assertThat(problem(being).status()).isEqualTo(503);
                assertThat(problem(waiting).detail()).contains("may be repeated");
                holder.rollback();
            }

            for (String id : List.of("d-1", "d-2")) {
                assertThat(shop.deliver(id, "ping", "{}").statusCode()).isEqualTo(202);
            }
            assertThat(kept()).containsExactlyInAnyOrder("d-1", "d-2");
        } finally {
            hasty.stop(new ShutdownEvent());
        }
    }

    private Handle hold() {
        Handle holder = jdbi.open();
        holder.begin();
        holder.execute("lock table delivery in access exclusive mode");
        return holder;
    }

    private Read ping(String id) {
        return signed(id, ServiceBackends.SECRET);
    }

    private Read signed(String id, String secret) {
        byte[] body = "{}".getBytes(UTF_8);
        String signature = GitHubSignature.header(body, secret);
        Incoming incoming = new Incoming(
                application, id, "ping", signature, body, clock.instant(), "192.0.2.1", "GitHub-Hookshot/1", null);
        return new Read(incoming, hook.version(), hook.read(incoming));
    }

    private static boolean isAccepted(CompletableFuture<Delivery> answer) {
        try {
            answer.join();
            return true;
        } catch (CompletionException _) {
            return false;
        }
    }

    private static Problem problem(CompletableFuture<Delivery> answer) {
        assertThat(answer).failsWithin(Duration.ofSeconds(10));
        return (Problem) answer.exceptionNow();
    }

    private List<String> kept() {
        return jdbi.withHandle(handle -> handle.select(
                        "select delivery from delivery where application = ? and verified and repeats is null",
                        application)
                .mapTo(String.class)
                .list());
    }
}
