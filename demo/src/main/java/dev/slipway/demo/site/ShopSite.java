package dev.slipway.demo.site;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.slipway.demo.shop.Shop;
import dev.slipway.suite.postgres.Postgres;
import dev.slipway.suite.process.TcpPort;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where the shop lives on this machine: its home folder, where its instances listen, its secrets. The instances are
/// started by the shop's scripts alone; what runs is known by the process ids they leave in the home.
public final class ShopSite {
    private static final String JVM_FLAGS =
            "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx96m -Xshare:auto -Dsun.net.httpserver.nodelay=true";

    private final Path home;
    private final URI staging = local();
    private final URI blue = local();
    private final URI green = local();
    private final ShopSecrets secrets = ShopSecrets.random();

    private ShopSite(Path home) {
        this.home = home;
    }

    /// Makes the home folder with what the scripts need to start the shop.
    /// @param home must not be in use by another site
    public static ShopSite prepare(Path home) throws IOException {
        var site = new ShopSite(home.toAbsolutePath().normalize());
        Files.createDirectories(site.home.resolve("run"));
        Files.createDirectories(site.logs());
        Path java = site.home.resolve("java");
        Files.deleteIfExists(java);
        Files.createSymbolicLink(java, Path.of(System.getProperty("java.home"), "bin", "java"));
        Files.writeString(site.home.resolve("shop.args"), "%s%n-cp \"%s\"%n".formatted(JVM_FLAGS, classPath()));
        return site;
    }

    public Path home() {
        return home;
    }

    public Path logs() {
        return home.resolve("logs");
    }

    public URI blue() {
        return blue;
    }

    public URI green() {
        return green;
    }

    public ShopSecrets secrets() {
        return secrets;
    }

    /// The shop's databases, made with [ShopDatabases] once the server runs.
    public ShopDatabases databases(Postgres postgres) {
        return new ShopDatabases(postgres, secrets);
    }

    /// What the manifest refers to.
    /// @param databasePort of the PostgreSQL server
    public Map<String, String> references(int databasePort) {
        Map<String, String> references = new LinkedHashMap<>();
        references.put("SLIPWAY_REF_SHOP_HOME", home.toString());
        references.put("SLIPWAY_REF_SHOP_STAGING_URL", staging.toString());
        references.put("SLIPWAY_REF_SHOP_BLUE_URL", blue.toString());
        references.put("SLIPWAY_REF_SHOP_GREEN_URL", green.toString());
        references.put("SLIPWAY_REF_SHOP_STAGING_DATABASE", jdbcUrl(databasePort, ShopDatabases.STAGING));
        references.put("SLIPWAY_REF_SHOP_PRODUCTION_DATABASE", jdbcUrl(databasePort, ShopDatabases.PRODUCTION));
        references.put("SLIPWAY_REF_SHOP_DATABASE_HOST", Postgres.HOST);
        references.put("SLIPWAY_REF_SHOP_DATABASE_PORT", Integer.toString(databasePort));
        references.putAll(secrets.references());
        return references;
    }

    private static String jdbcUrl(int port, String database) {
        return "jdbc:postgresql://%s:%d/%s".formatted(Postgres.HOST, port, database);
    }

    private static URI local() {
        return URI.create("http://127.0.0.1:" + TcpPort.free());
    }

    /// Only what the shop itself uses: fewer jars to open is a faster start.
    private static String classPath() {
        return Stream.of(
                        Shop.class,
                        JsonNode.class,
                        com.fasterxml.jackson.core.JsonParser.class,
                        com.fasterxml.jackson.annotation.JsonInclude.class,
                        JavaTimeModule.class,
                        org.postgresql.Driver.class,
                        org.jspecify.annotations.Nullable.class)
                .map(ShopSite::place)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String place(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        try {
            return Path.of(source.getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("no file holds " + type, e);
        }
    }
}
