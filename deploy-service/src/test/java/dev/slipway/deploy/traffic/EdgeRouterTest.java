package dev.slipway.deploy.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.deploy.http.HttpCalls;
import dev.slipway.deploy.http.TestServer;
import dev.slipway.deploy.http.TestServer.Answer;
import dev.slipway.deploy.http.TestServer.Answers;
import dev.slipway.deploy.manifest.Environment.RouterSpec;
import dev.slipway.deploy.traffic.TrafficRouter.State;
import dev.slipway.manifest.References;
import dev.slipway.outbound.OutboundHttp;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EdgeRouterTest {
    private static final String STATE = """
            {"weights": {"blue": %d, "green": %d}, "maintenance": %b, "since": "later versions may say more"}""";

    private final UUID step = UUID.randomUUID();
    private TestServer edge;

    @AfterEach
    void stop() {
        edge.close();
    }

    @Test
    void shouldReadTheStateWithTheToken() {
        TrafficRouter router = router(_ -> new Answer(200, STATE.formatted(90, 10, true)));

        State state = router.state();

        assertThat(state).isEqualTo(new State(Map.of("blue", 90, "green", 10), true));
        assertThat(edge.asked()).hasToString("[GET /admin/state]");
        assertThat(edge.asked().getFirst().headers().getFirst("Authorization")).isEqualTo("Bearer s3cret");
    }

    @Test
    void shouldSetWeightsUnderTheStepsKeyAndReadThemBack() {
        TrafficRouter router = router(_ -> new Answer(200, STATE.formatted(75, 25, false)));

        State state = router.weights(Map.of("blue", 75, "green", 25), step);

        assertThat(state.weights()).containsEntry("green", 25);
        assertThat(edge.asked()).hasToString("[PUT /admin/weights, GET /admin/state]");
        TestServer.Asked put = edge.asked().getFirst();
        assertThat(put.headers().getFirst("Slipway-Step-Id")).isEqualTo(step.toString());
        assertThat(put.body()).contains("\"blue\":75", "\"green\":25");
    }

    @Test
    void shouldSwitchMaintenanceUnderTheStepsKeyAndReadItBack() {
        TrafficRouter router = router(_ -> new Answer(200, STATE.formatted(100, 0, true)));

        State state = router.maintenance(true, step);

        assertThat(state.maintenance()).isTrue();
        assertThat(edge.asked()).hasToString("[PUT /admin/maintenance, GET /admin/state]");
        assertThat(edge.asked().getFirst().body()).isEqualTo("{\"on\":true}");
        assertThat(edge.asked().getFirst().headers().getFirst("Slipway-Step-Id"))
                .isEqualTo(step.toString());
    }

    @Test
    void shouldNotBelieveARouterThatSaysYesAndDoesNothing() {
        TrafficRouter router = router(_ -> new Answer(200, STATE.formatted(100, 0, false)));

        assertFails(() -> router.weights(Map.of("blue", 0, "green", 100), step), true, "says {");
        assertFails(() -> router.maintenance(true, step), true, "switch maintenance mode on and did not");
    }

    @ParameterizedTest
    @CsvSource({
        "500, true",
        "502, true",
        "503, true",
        "429, true",
        "408, true",
        "400, false",
        "401, false",
        "403, false",
        "404, false",
        "422, false",
        "302, false"
    })
    void shouldTellWhatMayPassFromWhatWillNot(int status, boolean retryable) {
        TrafficRouter router = router(_ -> new Answer(status, "no"));

        assertFails(() -> router.weights(Map.of("blue", 100), step), retryable, "with status " + status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "ok", "{}", "{\"weights\": {\"blue\": null}, \"maintenance\": false}"})
    void shouldRefuseAnAnswerThatIsNoState(String body) {
        TrafficRouter router = router(_ -> new Answer(200, body));

        assertFails(router::state, false, "is no state of an edge");
    }

    @Test
    void shouldGiveUpAtTheDeadline() {
        CountDownLatch never = new CountDownLatch(1);
        TrafficRouter router = router(
                _ -> {
                    never.await();
                    return new Answer(200, "");
                },
                Duration.ofMillis(200));

        assertFails(router::state, true, "no answer within 200 ms");
    }

    @Test
    void shouldComeBackLaterWhenNobodyListens() {
        TrafficRouter router = router(_ -> new Answer(200, ""));
        edge.close();

        assertFails(router::state, true, "no connection");
    }

    @Test
    void shouldNameAReferenceThatLeadsNowhere() {
        edge = new TestServer(_ -> new Answer(200, ""));
        EdgeRouterType type = new EdgeRouterType(
                new HttpCalls(OutboundHttp.to("127.0.0.0/8")), References.of(Map.of()), Duration.ofSeconds(1));

        assertFails(
                () -> type.open(new RouterSpec("edge", edge.url(), "${env:SLIPWAY_REF_EDGE_TOKEN}")),
                false,
                "${env:SLIPWAY_REF_EDGE_TOKEN}");
    }

    private static void assertFails(ThrowingCallable call, boolean retryable, String reason) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RouterFailure.class,
                        failure -> assertThat(failure.retryable()).isEqualTo(retryable))
                .hasMessageContaining(reason)
                .hasMessageNotContaining("s3cret");
    }

    private TrafficRouter router(Answers answers) {
        return router(answers, Duration.ofSeconds(5));
    }

    private TrafficRouter router(Answers answers, Duration deadline) {
        edge = new TestServer(answers);
        References references = References.of(Map.of("SLIPWAY_REF_EDGE_TOKEN", "s3cret"));
        return new EdgeRouterType(new HttpCalls(OutboundHttp.to("127.0.0.0/8")), references, deadline)
                .open(new RouterSpec("edge", edge.url() + "/", "${env:SLIPWAY_REF_EDGE_TOKEN}"));
    }
}
