package dev.slipway.demo.shop;

import java.nio.file.Path;
import java.util.Map;

/// What the shop gets from its environment; secrets come this way only, never as an argument.
///
/// @param home `SHOP_HOME`: the folder with `artifacts/`, `run/` and `logs/`
/// @param version `SLIPWAY_VERSION`: which build to be
/// @param port `SHOP_PORT`: where to listen on the loopback address
/// @param database where the orders are
/// @param secret `SHOP_SECRET`: signs the tokens, the same for all instances
/// @param passwords by user: `smoke` (`SHOP_SMOKE_PASSWORD`) and `customer` (`SHOP_CUSTOMER_PASSWORD`)
record ShopSettings(
        Path home, String version, int port, Database database, String secret, Map<String, String> passwords) {

    /// @param url `SHOP_DATABASE`: a JDBC URL
    /// @param user `SHOP_DATABASE_USER`
    /// @param password `SHOP_DATABASE_PASSWORD`
    record Database(String url, String user, String password) {
        static Database from(Map<String, String> environment) {
            return new Database(
                    required(environment, "SHOP_DATABASE"),
                    required(environment, "SHOP_DATABASE_USER"),
                    required(environment, "SHOP_DATABASE_PASSWORD"));
        }

        @Override
        public String toString() {
            return url + " as " + user;
        }
    }

    static ShopSettings from(Map<String, String> environment) {
        return new ShopSettings(
                Path.of(required(environment, "SHOP_HOME")),
                required(environment, "SLIPWAY_VERSION"),
                Integer.parseInt(required(environment, "SHOP_PORT")),
                Database.from(environment),
                required(environment, "SHOP_SECRET"),
                Map.of(
                        "smoke", required(environment, "SHOP_SMOKE_PASSWORD"),
                        "customer", required(environment, "SHOP_CUSTOMER_PASSWORD")));
    }

    static String required(Map<String, String> environment, String name) {
        String value = environment.get(name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(name + " is not set");
        }
        return value;
    }

    @Override
    public String toString() {
        return "%s on port %d with %s".formatted(version, port, database);
    }
}
