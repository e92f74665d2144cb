package dev.slipway.web;

import dev.slipway.testkit.TestDatabase;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/// A real database, and one token for each kind of caller: the token's name is the token.
public final class WebBackends implements QuarkusTestResourceLifecycleManager {
    static final TestDatabase DATABASE = TestDatabase.fresh();

    @Override
    public Map<String, String> start() {
        Map<String, String> config = new HashMap<>(Map.of(
                "quarkus.datasource.db-kind", "postgresql",
                "quarkus.datasource.jdbc.url", DATABASE.url(),
                "quarkus.datasource.username", DATABASE.user(),
                "quarkus.datasource.password", DATABASE.password(),
                "quarkus.http.test-port", "0"));
        token(config, 0, "victor", "viewer");
        token(config, 1, "olga", "operator");
        token(config, 2, "ada", "admin");
        token(config, 3, "ci", "ci");
        token(config, 4, "lea", "approver:technical-lead,approver:business");
        config.put("slipway.access.tokens[4].person", "lea.lind");
        config.put("slipway.access.tokens[4].aliases", "github:lea,slack:U024");
        return config;
    }

    private static void token(Map<String, String> config, int index, String name, String roles) {
        String prefix = "slipway.access.tokens[%d].".formatted(index);
        config.put(prefix + "name", name);
        config.put(prefix + "sha256", sha256(name + "-token"));
        config.put(prefix + "roles", roles);
    }

    static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        // The server lives as long as the JVM.
    }
}
