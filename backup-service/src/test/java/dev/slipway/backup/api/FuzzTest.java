package dev.slipway.backup.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testkit.RealBackends;
import dev.slipway.testkit.http.Fuzz;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What nobody should send, to every operation there is.
@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@TestProfile(Tokens.class)
class FuzzTest {
    private static final int REQUESTS = 5_000;

    private static final Map<String, List<String>> VALUES = Map.of(
            "application", List.of("shop", "other"),
            "database", List.of("orders", "stock"),
            "id", List.of("018f0000-0000-7000-8000-000000000001", "018f0000-0000-7000-8000-000000000002"),
            "name", List.of("nightly", "weekly"),
            "limit", List.of("1", "200"),
            "maxAge", List.of("PT2H"),
            "locations", List.of("1", "2"),
            "proof", List.of("readback", "restore"),
            "reason", List.of("why not"),
            "dryRun", List.of("true"));

    private static final Map<String, String> BODIES = Map.of(
            "PUT /api/v1/applications/{application}/manifest",
            "application: shop\nenvironments:\n  - name: production\ndatabases:\n  - {name: orders, type: postgresql, environment: production, host: localhost, database: orders,"
                    + " user: keeper, password: \"${env:SLIPWAY_REF_PASSWORD}\", locations: [disk]}\n",
            "POST /api/v1/applications/{application}/databases/{database}/backups",
            "{\"proof\": \"readback\"}");

    @TestHTTPResource("/")
    URI service;

    @Test
    void shouldRefuseNonsenseQuicklyAndSayWhatIsWrong() throws IOException, InterruptedException {
        Fuzz.Report report = new Fuzz(service, new Fuzz.Ground("admin", VALUES, BODIES)).run(REQUESTS);

        assertThat(report.findings()).isEmpty();
        assertThat(report.requests()).isEqualTo(REQUESTS);
        assertThat(report.statuses()).as("some got through").containsKey(200);
    }
}
