package dev.slipway.deploy.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.testkit.TestDatabase;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/// A real database, a token for an admin, one for CI, and the webhook's secrets. No broker: a sender gets its answer
/// without one.
public final class WebhookBackends implements QuarkusTestResourceLifecycleManager {
    static final String SECRET = "It's a Secret to Everybody";
    static final String NEXT_SECRET = "the next secret";

    @Override
    public Map<String, String> start() {
        TestDatabase database = TestDatabase.fresh();
        return Map.ofEntries(
                Map.entry("quarkus.datasource.jdbc.url", database.url()),
                Map.entry("quarkus.datasource.username", database.user()),
                Map.entry("quarkus.datasource.password", database.password()),
                Map.entry("quarkus.http.test-port", "0"),
                Map.entry("slipway.pumps.enabled", "false"),
                Map.entry("SLIPWAY_REF_GITHUB_SECRET", SECRET),
                Map.entry("SLIPWAY_REF_NEXT_SECRET", NEXT_SECRET),
                Map.entry("slipway.access.tokens[0].name", "ada"),
                Map.entry("slipway.access.tokens[0].sha256", sha256("ada-token")),
                Map.entry("slipway.access.tokens[0].roles", "admin"),
                Map.entry("slipway.access.tokens[1].name", "robot"),
                Map.entry("slipway.access.tokens[1].sha256", sha256("robot-token")),
                Map.entry("slipway.access.tokens[1].roles", "ci"));
    }

    @Override
    public void stop() {
        // The server lives as long as the JVM.
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
