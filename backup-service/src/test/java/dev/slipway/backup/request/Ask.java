package dev.slipway.backup.request;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a gate asks for; a test changes what it is about.
public record Ask(
        UUID id,
        String manifest,
        String database,
        Duration maxAge,
        @Nullable Instant notBefore,
        int locations,
        String proof,
        Duration patience) {
    public Ask of(String otherDatabase) {
        return new Ask(id, manifest, otherDatabase, maxAge, notBefore, locations, proof, patience);
    }

    public Ask by(String otherManifest) {
        return new Ask(id, otherManifest, database, maxAge, notBefore, locations, proof, patience);
    }

    public Ask notBefore(Instant moment) {
        return new Ask(id, manifest, database, maxAge, moment, locations, proof, patience);
    }

    public Ask locations(int number) {
        return new Ask(id, manifest, database, maxAge, notBefore, number, proof, patience);
    }

    public Ask proof(String kind) {
        return new Ask(id, manifest, database, maxAge, notBefore, locations, kind, patience);
    }

    public Ask patience(Duration time) {
        return new Ask(id, manifest, database, maxAge, notBefore, locations, proof, time);
    }
}
