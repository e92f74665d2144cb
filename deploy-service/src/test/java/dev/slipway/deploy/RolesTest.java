package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

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
@QuarkusTestResource(ServiceBackends.class)
class RolesTest {
    private static final String TABLE = """
            POST   /api/v1/webhooks/github/{application}                                          anybody
            GET    /api/v1/webhooks/deliveries                                                    viewer
            GET    /api/v1/candidates                                                             viewer
            GET    /api/v1/releases                                                               viewer
            GET    /api/v1/releases/{id}                                                          viewer
            GET    /api/v1/releases/{id}/report                                                   viewer
            POST   /api/v1/releases/{id}/approvals                                                approver
            POST   /api/v1/releases/{id}/overrides                                                approver
            POST   /api/v1/releases/{id}/rollback                                                 operator
            POST   /api/v1/releases/{id}/cancel                                                   operator
            POST   /api/v1/releases/{id}/pause                                                    operator
            POST   /api/v1/releases/{id}/resume                                                   operator
            POST   /api/v1/releases/{id}/choice                                                   operator
            GET    /api/v1/applications/{application}/environments                                viewer
            PUT    /api/v1/applications/{application}/environments/{environment}/current          admin
            POST   /api/v1/tokens                                                                 admin
            GET    /api/v1/tokens                                                                 admin
            GET    /api/v1/tokens/{id}                                                            admin
            POST   /api/v1/tokens/{id}/rotate                                                     admin
            POST   /api/v1/tokens/{id}/revoke                                                     admin
            """;

    private static final Map<String, String> TOKENS = Map.of(
            "viewer", "vera-token",
            "operator", "otto-token",
            "approver:technical-lead", "mara-token",
            "ci", "robot-token",
            "admin", "ada-token");

    @TestHTTPResource("/")
    URI service;

    @Test
    void shouldLetInWhoMayAndNobodyElse() throws IOException {
        assertThat(new WalkRoles(TABLE, TOKENS).findings(service)).isEmpty();
    }
}
