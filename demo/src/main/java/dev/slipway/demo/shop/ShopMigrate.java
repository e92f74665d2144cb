package dev.slipway.demo.shop;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;

/// Brings the shop's schema to what the build `SLIPWAY_VERSION` needs. Running it again changes nothing.
public final class ShopMigrate {
    private ShopMigrate() {}

    /// Exits with 1, and the reason on standard error, when the schema could not be brought there.
    public static void main(String[] args) {
        var environment = System.getenv();
        try {
            var home = Path.of(ShopSettings.required(environment, "SHOP_HOME"));
            ShopRelease release = ShopRelease.read(home, ShopSettings.required(environment, "SLIPWAY_VERSION"));
            try (Connection connection = ConnectionPool.connect(ShopSettings.Database.from(environment))) {
                var schema = new ShopSchema(connection);
                int found = schema.migrate(release.schema(), Clock.systemUTC());
                Shop.log("migration=done from=%d to=%d", found, schema.version());
            }
        } catch (IOException | SQLException | IllegalArgumentException e) {
            System.err.println("migration=failed reason=\"" + e.getMessage() + "\"");
            System.exit(1);
        }
    }
}
