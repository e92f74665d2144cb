package dev.slipway.backup.engine;

import java.util.Locale;

/// The kind of a database server.
public enum ServerKind {
    POSTGRESQL;

    /// The name in the manifest.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
