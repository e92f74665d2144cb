package dev.slipway.deploy.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.slipway.deploy.ServiceBackends;
import dev.slipway.testkit.TestBroker;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/// The whole service while a real broker goes away behind it and comes back.
@QuarkusTest
@QuarkusTestResource(ServiceBackends.class)
@QuarkusTestResource(value = OwnBroker.class, restrictToAnnotatedClass = true)
class BrokerAwayTest {
    private static final int TURNS = 600;

    @TestHTTPResource("/")
    URI base;

    @Inject
    Jdbi jdbi;

    TestBroker broker;

    @Test
    void shouldAcceptAndAnswerWhileTheBrokerIsAwayAndSayEverythingAfterwards() throws Exception {
        WebhookShop shop = WebhookShop.open(base);
        assertThat(shop.deliver("before", "workflow_run", WorkflowRuns.good()).statusCode())
                .isEqualTo(202);
        await("what was said before is on the topic", () -> unpublished() == 0);

        broker.stop();
        await("the broker is known to be away", () -> brokerIs(shop, "down"));
        HttpResponse<String> away = shop.deliver(
                "away", "workflow_run", WorkflowRuns.good(4712, 1).replace(WorkflowRuns.COMMIT, "f".repeat(40)));

        assertThat(away.statusCode()).as(away.body()).isEqualTo(202);
        assertThat(shop.listed()).containsExactly("candidate away", "candidate before");
        assertThat(releases(shop)).isNotEmpty();
        assertThat(unpublished()).as("events wait").isPositive();

        broker.start();

        await("what was said meanwhile is on the topic", () -> unpublished() == 0);
        await("the broker is known to be back", () -> brokerIs(shop, "up"));
        assertThat(count("select count(*) from outbox where type = 'dev.cdeventsx.slipway-candidate.accepted.0.1.0'"))
                .isEqualTo(2);
    }

    /// Whether readiness says so; it stays up all the time.
    private static boolean brokerIs(WebhookShop shop, String state) {
        try {
            HttpResponse<String> answer =
                    shop.send(shop.request("q/health/ready").build());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            for (JsonNode check : WebhookShop.json(answer).get("checks")) {
                if (check.at("/data/broker").asText().equals(state)) {
                    return true;
                }
            }
            return false;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private JsonNode releases(WebhookShop shop) throws Exception {
        HttpResponse<String> answer = shop.send(shop.request("api/v1/releases?application=" + shop.application())
                .header("Authorization", "Bearer vera-token")
                .build());
        assertThat(answer.statusCode()).isEqualTo(200);
        return WebhookShop.json(answer).get("items");
    }

    private int unpublished() {
        return count("select count(*) from outbox where published_at is null");
    }

    private int count(String query) {
        return jdbi.withHandle(
                handle -> handle.createQuery(query).mapTo(Integer.class).one());
    }

    private void await(String what, BooleanSupplier happens) {
        for (int turn = 0; turn < TURNS; turn++) {
            if (happens.getAsBoolean()) {
                return;
            }
            jdbi.useHandle(handle -> handle.execute("select pg_sleep(0.1)"));
        }
        throw new AssertionError("not in time: " + what);
    }
}
