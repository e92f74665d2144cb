package dev.slipway.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testkit.RealBackends;
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
@QuarkusTestResource(RealBackends.class)
@QuarkusTestResource(Receivers.class)
class FuzzTest {
    private static final Map<String, List<String>> VALUES =
            Map.of("release", Fuzz.Ground.IDS, "situation", List.of("release-held", "incident"));

    @TestHTTPResource("/")
    URI service;

    @Test
    void shouldRefuseNonsenseQuicklyAndSayWhatIsWrong() throws IOException, InterruptedException {
        Fuzz.Ground ground = Fuzz.Ground.of("admin", VALUES, Map.of());

        assertThat(new Fuzz(service, ground).findings()).isEmpty();
    }
}
