package dev.slipway.testkit;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/// Gives a `@QuarkusTest` a fresh real database and the real broker of this JVM:
/// `@QuarkusTestResource(RealBackends.class)`. The pumps stand still, so that a test turns them by hand; a test that
/// wants them moving sets `slipway.pumps.enabled` in its profile.
public final class RealBackends implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        TestDatabase database = TestDatabase.fresh();
        return Map.of(
                "quarkus.datasource.jdbc.url", database.url(),
                "quarkus.datasource.username", database.user(),
                "quarkus.datasource.password", database.password(),
                "kafka.bootstrap.servers", TestKafka.bootstrapServers(),
                "quarkus.http.test-port", "0",
                "slipway.pumps.enabled", "false",
                // Whoever looks at all tables at any moment is in the way of a test that empties them.
                "slipway.metrics.interval", "P1D");
    }

    @Override
    public void stop() {
        // The server and the broker live as long as the JVM: other test classes use them too.
    }
}
