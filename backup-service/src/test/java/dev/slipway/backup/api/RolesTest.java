package dev.slipway.backup.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testkit.RealBackends;
import dev.slipway.testkit.http.WalkRoles;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Who may do what: every operation there is, and the least role it takes.
@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@TestProfile(Tokens.class)
class RolesTest {
    private static final String TABLE = """
            POST   /api/v1/applications/{application}/databases/{database}/backups                operator
            GET    /api/v1/backups                                                                viewer
            GET    /api/v1/backups/{id}                                                           viewer
            GET    /api/v1/troubles                                                               viewer
            GET    /api/v1/schedules                                                              viewer
            GET    /api/v1/applications/{application}/databases/{database}/gate                   viewer
            GET    /api/v1/applications/{application}/databases/{database}/retention              viewer
            POST   /api/v1/applications/{application}/databases/{database}/retention              operator
            GET    /api/v1/applications/{application}/databases/{database}/retention/reports             viewer
            GET    /api/v1/applications/{application}/databases/{database}/schedules                     viewer
            POST   /api/v1/applications/{application}/databases/{database}/schedules                     operator
            DELETE /api/v1/applications/{application}/databases/{database}/schedules/{name}              operator
            GET    /api/v1/applications/{application}/databases/{database}/schedules/{name}              viewer
            PUT    /api/v1/applications/{application}/databases/{database}/schedules/{name}              operator
            POST   /api/v1/applications/{application}/databases/{database}/schedules/{name}/pause        operator
            POST   /api/v1/applications/{application}/databases/{database}/schedules/{name}/resume       operator
            GET    /api/v1/applications/{application}/databases/{database}/schedules/{name}/runs         viewer
            DELETE /api/v1/backups/{id}/pin                                                              operator
            PUT    /api/v1/backups/{id}/pin                                                              operator
            POST   /api/v1/backups/{id}/cancel                                                           operator
            GET    /api/v1/backups/{id}/progress                                                         viewer
            GET    /api/v1/backups/{id}/copies                                                           viewer
            POST   /api/v1/backups/{id}/copies/check                                                     operator
            POST   /api/v1/backups/{id}/links                                                            operator
            GET    /api/v1/backups/{id}/links                                                            operator
            DELETE /api/v1/backups/{id}/links/{link}                                                     operator
            POST   /api/v1/backups/{id}/drill                                                            operator
            GET    /api/v1/drills/{id}                                                                   viewer
            GET    /api/v1/applications/{application}/databases/{database}/drills                        viewer
            GET    /api/v1/backups/{id}/archive                                                          anybody
            GET    /api/v1/locations                                                                     viewer
            GET    /api/v1/locations/{name}/unknown                                                      viewer
            POST   /api/v1/catalogue/rebuild                                                             admin
            GET    /api/v1/catalogue/rebuild/{id}                                                        admin
            """;

    private static final Map<String, String> TOKENS = Map.of(
            "viewer", "viewer",
            "operator", "operator",
            "approver:technical-lead", "approver:technical-lead",
            "ci", "ci",
            "admin", "admin");

    @TestHTTPResource("/")
    URI service;

    @Test
    void shouldLetInWhoMayAndNobodyElse() throws IOException {
        assertThat(new WalkRoles(TABLE, TOKENS).findings(service)).isEmpty();
    }
}
