package dev.slipway.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testkit.RealBackends;
import dev.slipway.testkit.http.WalkRoles;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Who may do what: every operation there is, and the least role it takes.
@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@QuarkusTestResource(Receivers.class)
class RolesTest {
    private static final String TABLE = """
            GET    /api/v1/notices                                                                viewer
            """;

    private static final Map<String, String> TOKENS = Map.of(
            "viewer", "viewer",
            "operator", "operator",
            "approver:technical-lead", "approver",
            "ci", "ci",
            "admin", "admin");

    @TestHTTPResource("/")
    URI service;

    @Test
    void shouldLetInWhoMayAndNobodyElse() throws IOException {
        assertThat(new WalkRoles(TABLE, TOKENS).findings(service)).isEmpty();
    }
}
