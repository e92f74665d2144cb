package dev.slipway.monitor.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.testkit.AuditCoverage;
import dev.slipway.testkit.RealBackends;
import dev.slipway.testkit.http.WalkAudit;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

/// Nothing changes here without leaving word of who did it, and why.
@QuarkusTest
@QuarkusTestResource(RealBackends.class)
@TestProfile(WatchResourceTest.Configured.class)
class AuditTest {
    @TestHTTPResource("/")
    URI service;

    @Inject
    Jdbi jdbi;

    @Test
    void shouldLeaveWordOfEveryOperationThatChangesSomething() throws Exception {
        WalkAudit walk = new WalkAudit(service, "ada-token", jdbi);

        assertThat(walk.findings(walk.acts())).isEmpty();
    }

    @Test
    void shouldKeepNoTableOutOfTheAuditWithoutAReason() {
        Set<String> without = new HashSet<>(AuditCoverage.withoutAuditAnywhere());
        // Observations: measured and evidence, never changed.
        without.addAll(Set.of("sample", "watch_batch", "watch_check"));

        assertThat(without).containsAll(AuditCoverage.tablesWithoutAudit(jdbi));
    }
}
