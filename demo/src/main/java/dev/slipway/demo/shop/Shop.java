package dev.slipway.demo.shop;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Locale;

/// Starts one instance of the shop; everything it needs comes from its environment.
public final class Shop {
    private Shop() {}

    /// Exits with 1 when the build, the environment or the schema does not fit.
    public static void main(String[] args) {
        try {
            run(ShopSettings.from(System.getenv()), Clock.systemUTC());
        } catch (IOException | SQLException | IllegalArgumentException e) {
            log("start=failed reason=\"%s\"", e.getMessage());
            System.exit(1);
        }
    }

    private static void run(ShopSettings settings, Clock clock) throws IOException, SQLException {
        ShopRelease release = ShopRelease.read(settings.home(), settings.version());
        var connections = new ConnectionPool(settings.database());
        var orders = new Orders(connections, clock, release);
        requireSchema(release, orders.schemaVersion());
        var logins = new Logins(settings.passwords(), settings.secret(), clock);
        var server = new ShopServer(settings.port(), release, orders, logins, clock);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        server.start();
        log("start=done version=%s code=%d port=%d", release.version(), release.code(), server.port());
    }

    static void requireSchema(ShopRelease release, int found) {
        if (found < release.schema()) {
            throw new IllegalArgumentException(
                    "%s needs schema %d, the database has %d".formatted(release.version(), release.schema(), found));
        }
    }

    static void log(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
