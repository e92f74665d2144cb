package dev.slipway.demo.shop;

import java.sql.Connection;
import java.sql.SQLException;

/// Prints the version of the schema that the shop's database has, 0 for an empty one.
public final class ShopSchemaVersion {
    private ShopSchemaVersion() {}

    /// Exits with 1, and the reason on standard error, when the database does not answer.
    public static void main(String[] args) {
        try (Connection connection = ConnectionPool.connect(ShopSettings.Database.from(System.getenv()))) {
            System.out.println(new ShopSchema(connection).version());
        } catch (SQLException | IllegalArgumentException e) {
            System.err.println("schema version unknown: " + e.getMessage());
            System.exit(1);
        }
    }
}
