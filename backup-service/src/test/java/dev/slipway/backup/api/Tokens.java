package dev.slipway.backup.api;

import static io.restassured.RestAssured.given;

import dev.slipway.backup.SourceDatabase;
import dev.slipway.backup.engine.Access;
import dev.slipway.backup.mariadb.ShopOnMariadb;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// A service whose tokens are named after their roles, and which knows the password that manifests refer to.
public final class Tokens implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> settings = new HashMap<>();
        List<String> roles = List.of("viewer", "operator", "admin", "ci", "approver:technical-lead");
        for (int i = 0; i < roles.size(); i++) {
            settings.put("slipway.access.tokens[%d].name".formatted(i), roles.get(i));
            settings.put("slipway.access.tokens[%d].sha256".formatted(i), sha256(roles.get(i)));
            settings.put("slipway.access.tokens[%d].roles".formatted(i), roles.get(i));
        }
        // Tries what it may not, until nobody listens.
        settings.put("slipway.access.tokens[5].name", "mallory");
        settings.put("slipway.access.tokens[5].sha256", sha256("mallory-token"));
        settings.put("slipway.access.tokens[5].roles", "viewer");
        settings.put("slipway.limits.refusals", "120");
        settings.put("slipway.audit.sealing", "true");
        settings.put("SLIPWAY_REF_PASSWORD", SourceDatabase.PASSWORD);
        settings.put("SLIPWAY_REF_MARIADB", ShopOnMariadb.PASSWORD);
        settings.put("slipway.backups.link-key", "for-tests-only-for-tests-only-for-tests");
        return settings;
    }

    /// A request by the token of that role.
    public static RequestSpecification as(String role) {
        return given().header("Authorization", "Bearer " + role).contentType(ContentType.JSON);
    }

    /// Gives the service the manifest of the application `shop`.
    public static void putManifest(String yaml) {
        as("admin")
                .contentType("application/yaml")
                .body(yaml.getBytes(StandardCharsets.UTF_8))
                .put("/api/v1/applications/shop/manifest")
                .then()
                .statusCode(200);
    }

    /// Gives the service an application `shop` with one PostgreSQL database, `orders`.
    ///
    /// @param further lines of the database's entry
    public static void putOrders(Access orders, String... further) {
        StringBuilder yaml = new StringBuilder("""
                application: shop
                environments:
                  - name: production
                databases:
                  - name: orders
                    type: postgresql
                    environment: production
                    host: %s
                    port: %d
                    database: %s
                    user: keeper
                    password: ${env:SLIPWAY_REF_PASSWORD}
                    locations: [disk]
                """.formatted(orders.host(), orders.port(), orders.database()));
        for (String line : further) {
            yaml.append("    ").append(line).append('\n');
        }
        putManifest(yaml.toString());
    }

    private static String sha256(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
