package dev.slipway.manifest;

import dev.slipway.testkit.TestDatabase;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/// A real database with the manifest's tables, a token for an admin and one for a viewer, and a value to refer to.
public final class ManifestBackends implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        TestDatabase database = TestDatabase.fresh("db/manifest");
        Map<String, String> config = new HashMap<>();
        config.put("quarkus.datasource.db-kind", "postgresql");
        config.put("quarkus.datasource.jdbc.url", database.url());
        config.put("quarkus.datasource.username", database.user());
        config.put("quarkus.datasource.password", database.password());
        config.put("SLIPWAY_REF_PW", "hunter${2}");
        config.put("slipway.access.tokens[0].name", "ada");
        config.put("slipway.access.tokens[0].sha256", sha256("ada-token"));
        config.put("slipway.access.tokens[0].roles", "admin");
        config.put("slipway.access.tokens[1].name", "victor");
        config.put("slipway.access.tokens[1].sha256", sha256("victor-token"));
        config.put("slipway.access.tokens[1].roles", "viewer");
        return config;
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
