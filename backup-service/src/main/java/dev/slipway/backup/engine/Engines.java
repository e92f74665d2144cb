package dev.slipway.backup.engine;

import dev.slipway.backup.ledger.Archive;

/// Finds the engine for a server, or for an archive.
///
/// @param mariadb for MySQL as well
public record Engines(Engine postgresql, Engine mariadb) {
    public Engine of(ServerKind kind) {
        return switch (kind) {
            case POSTGRESQL -> postgresql;
            case MARIADB, MYSQL -> mariadb;
        };
    }

    /// @throws IllegalArgumentException when no engine here wrote such a thing
    public Engine of(Archive archive) {
        String content = archive.packing().content();
        if (content.equals(postgresql.content())) {
            return postgresql;
        }
        if (content.equals(mariadb.content())) {
            return mariadb;
        }
        throw new IllegalArgumentException("nothing here reads '%s'".formatted(content));
    }
}
