package dev.slipway.demo.ci;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.slipway.demo.shop.ShopRelease;
import dev.slipway.testkit.TestClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CiTest {
    private final TestClock clock = TestClock.at("2026-03-01T10:00:00Z");

    @TempDir
    private Path home;

    /// The example GitHub's own documentation gives.
    @Test
    void shouldSignLikeGitHub() {
        byte[] body = "Hello, World!".getBytes(StandardCharsets.UTF_8);

        assertThat(Delivery.signature(body, "It's a Secret to Everybody"))
                .isEqualTo("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
    }

    @Test
    void shouldBuildWhatTheDeliveryNames() throws Exception {
        var ci = new Ci(home, "secret", clock);

        Ci.Build build = ci.build("v2", 2, 2);
        Delivery delivery = ci.succeeded(build, "ada");

        JsonNode run = new JsonMapper().readTree(delivery.body()).path("workflow_run");
        assertThat(run.path("head_sha").asText()).isEqualTo(build.commit()).hasSize(40);
        assertThat(run.path("head_repository")).isEqualTo(run.path("repository"));
        assertThat(run.path("triggering_actor").path("login").asText()).isEqualTo("ada");
        assertThat(ShopRelease.read(home, build.commit()).code()).isEqualTo(2);
    }

    @Test
    void shouldSignAForgedDeliveryWrongly() {
        var ci = new Ci(home, "secret", clock);

        Delivery forged = ci.forged(ci.build("v2", 2, 2), "ada");

        assertThat(forged.signature()).isNotEqualTo(Delivery.signature(forged.body(), "secret"));
    }
}
