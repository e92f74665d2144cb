package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.slipway.telemetry.Traces;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Files;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ServiceBackends.class)
class JsonLogTest {
    @Test
    void shouldTellInFieldsWhatALineIsAbout() throws Exception {
        String release = UUID.randomUUID().toString();
        String chain = UUID.randomUUID().toString();

        try (Traces.Facts _ = Traces.facts()
                .with(Traces.APPLICATION, "shop")
                .with(Traces.RELEASE, release)
                .with(Traces.CHAIN, chain)) {
            Logger.getLogger(JsonLogTest.class).infof("about \"%s\"\nand no other", release);
        }

        String line = Files.readAllLines(ServiceBackends.LOG).stream()
                .filter(text -> text.contains(release))
                .reduce((_, last) -> last)
                .orElseThrow();
        JsonNode told = new ObjectMapper().readTree(line);
        assertThat(told.path("level").asText()).isEqualTo("INFO");
        assertThat(told.path("message").asText()).isEqualTo("about \"" + release + "\"\nand no other");
        assertThat(told.path("mdc").path("application").asText()).isEqualTo("shop");
        assertThat(told.path("mdc").path("release").asText()).isEqualTo(release);
        assertThat(told.path("mdc").path("chain").asText()).isEqualTo(chain);
    }
}
