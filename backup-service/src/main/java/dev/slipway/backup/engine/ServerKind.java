package dev.slipway.backup.engine;

import java.util.Locale;

/// The kind of a database server.
public enum ServerKind {
    POSTGRESQL(5432),
    MARIADB(3306),
    MYSQL(3306);

    private final int usualPort;

    ServerKind(int usualPort) {
        this.usualPort = usualPort;
    }

    /// Where such a server listens when nobody said otherwise.
    public int usualPort() {
        return usualPort;
    }

    /// The name in the manifest.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
