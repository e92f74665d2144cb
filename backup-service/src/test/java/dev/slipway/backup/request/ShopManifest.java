package dev.slipway.backup.request;

import dev.slipway.backup.engine.Access;
import dev.slipway.backup.location.Location;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The manifest of an application with one database, `orders`.
final class ShopManifest {
    private ShopManifest() {}

    /// @param comment makes it another version of the same content
    /// @param more `key: value` of the database, or nothing
    static byte[] of(Access database, List<Location> locations, String comment, String more) {
        return """
                # %s
                application: shop
                environments:
                  - name: production
                databases:
                  - name: orders
                    type: %s
                    environment: production
                    host: ${env:SLIPWAY_REF_HOST}
                    port: ${env:SLIPWAY_REF_PORT}
                    database: '%s'
                    user: keeper
                    password: ${env:SLIPWAY_REF_PASSWORD}
                    locations: [%s]
                    %s
                """.formatted(
                        comment,
                        database.kind().name().toLowerCase(Locale.ROOT),
                        database.database().replace("'", "''"),
                        locations.stream().map(Location::name).collect(Collectors.joining(", ")),
                        more)
                .getBytes(StandardCharsets.UTF_8);
    }
}
