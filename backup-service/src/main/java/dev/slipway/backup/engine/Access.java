package dev.slipway.backup.engine;

import static java.util.Objects.requireNonNull;

/// How to reach one database. The password is in no string this makes.
///
/// @param database name of the database on that server
public record Access(ServerKind kind, String host, int port, String database, String user, String password) {
    public Access {
        requireNonNull(kind, "kind");
        requireNonNull(password, "password");
        if (host.isBlank() || database.isBlank() || user.isBlank()) {
            throw new IllegalArgumentException(
                    "host, database and user are needed: '%s', '%s', '%s'".formatted(host, database, user));
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("not a port: " + port);
        }
        if (password.chars().anyMatch(letter -> letter == '\n' || letter == '\r' || letter == 0)) {
            // The file a client program reads it from has lines.
            throw new IllegalArgumentException("the password of '%s' holds a line break".formatted(user));
        }
    }

    /// The same server and role, another database.
    public Access on(String otherDatabase) {
        return new Access(kind, host, port, otherDatabase, user, password);
    }

    /// For people: `shop_production on db.internal:5432 as keeper`.
    @Override
    public String toString() {
        return "%s on %s:%d as %s".formatted(database, host, port, user);
    }
}
