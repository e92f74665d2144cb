package dev.slipway.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.testkit.TestDatabase;
import dev.slipway.testkit.TestIssuer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/// A real database, a token for every role, an issuer of signed tokens, and the webhook's secrets. No broker: whoever
/// calls gets an answer without one.
public final class ServiceBackends implements QuarkusTestResourceLifecycleManager {
    public static final String SECRET = "It's a Secret to Everybody";
    public static final Path LOG = Path.of("target", "service.json.log");
    public static final String NEXT_SECRET = "the next secret";
    public static final TestIssuer.Key ISSUERS_KEY = TestIssuer.ec("ec-1");

    private static TestIssuer issuer;

    /// Its group `release-managers` may approve in both roles.
    public static TestIssuer issuer() {
        return issuer;
    }

    @Override
    public Map<String, String> start() {
        TestDatabase database = TestDatabase.fresh();
        issuer = TestIssuer.start(0, ISSUERS_KEY);
        return Map.ofEntries(
                Map.entry("quarkus.datasource.jdbc.url", database.url()),
                Map.entry("quarkus.datasource.username", database.user()),
                Map.entry("quarkus.datasource.password", database.password()),
                Map.entry("quarkus.http.test-port", "0"),
                Map.entry("slipway.pumps.enabled", "false"),
                Map.entry("slipway.metrics.interval", "P1D"),
                // Traced, and never sent anywhere: the first batch would go in a day.
                Map.entry("quarkus.otel.sdk.disabled", "false"),
                Map.entry("quarkus.otel.bsp.schedule.delay", "P1D"),
                // The formatter that QUARKUS_LOG_CONSOLE_JSON_ENABLED puts on the console.
                Map.entry("quarkus.log.file.enabled", "true"),
                Map.entry("quarkus.log.file.path", LOG.toString()),
                Map.entry("quarkus.log.file.json.enabled", "true"),
                Map.entry("slipway.limits.refusals", "120"),
                Map.entry("slipway.audit.sealing", "true"),
                Map.entry("quarkus.oidc.tenant-enabled", "true"),
                Map.entry("quarkus.oidc.auth-server-url", issuer.url()),
                Map.entry("slipway.oidc.grants[0].value", "release-managers"),
                Map.entry("slipway.oidc.grants[0].roles", "approver:technical-lead,approver:business"),
                Map.entry("slipway.oidc.aliases[0].kind", "github"),
                Map.entry("slipway.oidc.aliases[0].claim", "github_login"),
                Map.entry("SLIPWAY_REF_GITHUB_SECRET", SECRET),
                Map.entry("SLIPWAY_REF_NEXT_SECRET", NEXT_SECRET),
                Map.entry("slipway.access.tokens[0].name", "ada"),
                Map.entry("slipway.access.tokens[0].sha256", sha256("ada-token")),
                Map.entry("slipway.access.tokens[0].roles", "admin"),
                Map.entry("slipway.access.tokens[1].name", "robot"),
                Map.entry("slipway.access.tokens[1].sha256", sha256("robot-token")),
                Map.entry("slipway.access.tokens[1].roles", "ci"),
                Map.entry("slipway.access.tokens[2].name", "vera"),
                Map.entry("slipway.access.tokens[2].sha256", sha256("vera-token")),
                Map.entry("slipway.access.tokens[2].roles", "viewer"),
                Map.entry("slipway.access.tokens[3].name", "otto"),
                Map.entry("slipway.access.tokens[3].sha256", sha256("otto-token")),
                Map.entry("slipway.access.tokens[3].roles", "operator"),
                Map.entry("slipway.access.tokens[4].name", "mara-laptop"),
                Map.entry("slipway.access.tokens[4].sha256", sha256("mara-token")),
                Map.entry("slipway.access.tokens[4].roles", "approver:technical-lead"),
                Map.entry("slipway.access.tokens[4].person", "mara"),
                Map.entry("slipway.access.tokens[5].name", "tomas-laptop"),
                Map.entry("slipway.access.tokens[5].sha256", sha256("tomas-token")),
                Map.entry("slipway.access.tokens[5].roles", "approver:business"),
                Map.entry("slipway.access.tokens[5].person", "tomas"),
                Map.entry("slipway.access.tokens[6].name", "rafael-laptop"),
                Map.entry("slipway.access.tokens[6].sha256", sha256("rafael-token")),
                Map.entry("slipway.access.tokens[6].roles", "approver:business"),
                Map.entry("slipway.access.tokens[6].person", "rafael"),
                Map.entry("slipway.access.tokens[6].aliases", "github:rafael-r"),
                // tries what it may not, until nobody listens
                Map.entry("slipway.access.tokens[7].name", "mallory"),
                Map.entry("slipway.access.tokens[7].sha256", sha256("mallory-token")),
                Map.entry("slipway.access.tokens[7].roles", "viewer"),
                // may do everything
                Map.entry("slipway.access.tokens[8].name", "omar"),
                Map.entry("slipway.access.tokens[8].sha256", sha256("omar-token")),
                Map.entry("slipway.access.tokens[8].roles", "admin,approver:technical-lead"));
    }

    @Override
    public void stop() {
        // The database's server lives as long as the JVM.
        issuer.close();
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
