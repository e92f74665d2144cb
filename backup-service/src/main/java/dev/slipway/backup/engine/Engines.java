package dev.slipway.backup.engine;

import dev.slipway.backup.ledger.Archive;

/// Finds the engine for a server, or for an archive.
public record Engines(Engine postgresql) {
    public Engine of(ServerKind kind) {
        return switch (kind) {
            case POSTGRESQL -> postgresql;
        };
    }

    /// @throws IllegalArgumentException when no engine here wrote such a thing
    public Engine of(Archive archive) {
        String content = archive.packing().content();
        if (content.equals(postgresql.content())) {
            return postgresql;
        }
        throw new IllegalArgumentException("nothing here reads '%s'".formatted(content));
    }
}
