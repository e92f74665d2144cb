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
    private static final Map<String, List<String>> VALUES = Map.of(
            "environment", List.of("production", "staging"),
            "id", Fuzz.Ground.IDS,
            "phase", List.of("created", "completed"),
            "verdict", List.of("accepted", "refused"),
            "role", List.of("technical-lead"),
            "reason", List.of("why not"),
            "choice", List.of("retry"));

    private static final Map<String, String> BODIES = Map.of(
            "POST /api/v1/tokens",
                    "{\"name\": \"fuzz\", \"person\": \"fuzz\", \"roles\": [\"viewer\"], \"aliases\": [\"github:fuzz\"], \"lifetime\": \"PT1H\"}",
            "POST /api/v1/releases/{id}/overrides", "{\"gate\": \"soak\", \"reason\": \"why not\"}");

    @TestHTTPResource("/")
    URI service;

    @Test
    void shouldRefuseNonsenseQuicklyAndSayWhatIsWrong() throws IOException, InterruptedException {
        Fuzz.Ground ground = Fuzz.Ground.of("omar-token", VALUES, BODIES);

        assertThat(new Fuzz(service, ground).findings()).isEmpty();
    }
}
