package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testkit.http.Fuzz;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What nobody should send, to every operation there is.
@QuarkusTest
@QuarkusTestResource(ServiceBackends.class)
class FuzzTest {
    private static final int REQUESTS = 5_000;

    private static final Map<String, List<String>> VALUES = Map.of(
            "application", List.of("shop", "other"),
            "environment", List.of("production", "staging"),
            "id", List.of("018f0000-0000-7000-8000-000000000001", "018f0000-0000-7000-8000-000000000002"),
            "phase", List.of("created", "completed"),
            "verdict", List.of("accepted", "refused"),
            "role", List.of("technical-lead"),
            "reason", List.of("why not"),
            "choice", List.of("retry"),
            "limit", List.of("1", "200"),
            "dryRun", List.of("true"));

    private static final Map<String, String> BODIES = Map.of(
            "PUT /api/v1/applications/{application}/manifest",
                    "application: shop\nenvironments:\n  - name: production\n",
            "POST /api/v1/tokens",
                    "{\"name\": \"fuzz\", \"person\": \"fuzz\", \"roles\": [\"viewer\"], \"aliases\": [\"github:fuzz\"], \"lifetime\": \"PT1H\"}",
            "POST /api/v1/releases/{id}/overrides", "{\"gate\": \"soak\", \"reason\": \"why not\"}");

    @TestHTTPResource("/")
    URI service;

    @Test
    void shouldRefuseNonsenseQuicklyAndSayWhatIsWrong() throws IOException, InterruptedException {
        Fuzz.Report report = new Fuzz(service, new Fuzz.Ground("omar-token", VALUES, BODIES)).run(REQUESTS);

        assertThat(report.findings()).isEmpty();
        assertThat(report.requests()).isEqualTo(REQUESTS);
        assertThat(report.statuses()).as("some got through").containsKey(200);
    }
}
