package dev.slipway.audit;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/// A database with the two roles of a service, and a token for each kind of caller.
public final class AuditBackends implements QuarkusTestResourceLifecycleManager {
    static final ServiceStorage STORAGE = ServiceStorage.fresh();

    @Override
    public Map<String, String> start() {
        Map<String, String> config = new HashMap<>(Map.of(
                "quarkus.datasource.jdbc.url", STORAGE.url(),
                "quarkus.datasource.username", "thing_app",
                "quarkus.datasource.password", "thing_app"));
        token(config, 0, "victor", "viewer");
        token(config, 1, "olga", "operator");
        return config;
    }

    private static void token(Map<String, String> config, int index, String name, String roles) {
        String prefix = "slipway.access.tokens[%d].".formatted(index);
        config.put(prefix + "name", name);
        config.put(prefix + "sha256", sha256(name + "-token"));
        config.put(prefix + "roles", roles);
        config.put(prefix + "person", name + ".person");
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
