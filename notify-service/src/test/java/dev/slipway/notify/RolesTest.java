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
            PUT    /api/v1/applications/{application}/manifest                                    admin
            GET    /api/v1/applications/{application}/manifest                                    viewer
            GET    /healthz                                                                       anybody
            GET    /api/v1/notices                                                                viewer
            GET    /api/v1/audit                                                                         operator
            GET    /api/v1/audit/verify                                                                  operator
            GET    /api/v1/inbox                                                                         viewer
            GET    /api/v1/dead-letters                                                                  viewer
            GET    /api/v1/dead-letters/{id}                                                             viewer
            POST   /api/v1/dead-letters/{id}/replay                                                      operator
            POST   /api/v1/dead-letters/{id}/discard                                                     operator
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
