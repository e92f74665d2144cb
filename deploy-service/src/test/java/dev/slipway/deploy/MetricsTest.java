package dev.slipway.deploy;

import dev.slipway.telemetry.GaugeReader;
import dev.slipway.testkit.ShownMetrics;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ServiceBackends.class)
class MetricsTest {
    @Inject
    GaugeReader gauges;

    @Test
    void shouldShowTheMetricsThatAreListed() throws Exception {
        gauges.read();
        RestAssured.get("/healthz").then().statusCode(200);

        String page = RestAssured.get("/q/metrics").asString();

        ShownMetrics.hold("deploy-service", page);
    }
}
