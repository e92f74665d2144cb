package dev.slipway.idempotency;

import dev.slipway.testkit.TestDatabase;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/// A real database, and two people's tokens.
public final class IdempotencyBackends implements QuarkusTestResourceLifecycleManager {
    static final TestDatabase DATABASE = TestDatabase.fresh("db/idempotency");

    @Override
    public Map<String, String> start() {
        DATABASE.jdbi().useHandle(handle -> handle.execute("create table effect (name text)"));
        Map<String, String> config = new HashMap<>(Map.of(
                "quarkus.datasource.jdbc.url", DATABASE.url(),
                "quarkus.datasource.username", DATABASE.user(),
                "quarkus.datasource.password", DATABASE.password()));
        token(config, 0, "olga", "operator");
        token(config, 1, "oskar", "operator");
        token(config, 2, "victor", "viewer");
        return config;
    }

    private static void token(Map<String, String> config, int index, String name, String roles) {
        String prefix = "slipway.access.tokens[%d].".formatted(index);
        config.put(prefix + "name", name);
        config.put(prefix + "sha256", sha256(name + "-token"));
        config.put(prefix + "roles", roles);
    }

    private static String sha256(String text) {
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
