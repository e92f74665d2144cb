package dev.slipway.deploy.access;

import dev.slipway.events.TokenChanged;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A token as it is kept.
///
/// @param previous what was valid before the last rotation
/// @param lifetime for how long it was issued, and is again when it is rotated
record AccessToken(
        UUID id,
        long revision,
        String name,
        String sha256,
        @Nullable Previous previous,
        List<String> roles,
        String person,
        List<String> aliases,
        Duration lifetime,
        Instant issuedAt,
        String issuedBy,
        Instant expiresAt,
        @Nullable Revocation revoked) {

    record Previous(String sha256, Instant until) {}

    record Revocation(Instant at, String by, String reason) {}

    /// What becomes of a token.
    enum State {
        VALID,
        EXPIRED,
        REVOKED
    }

    State state(Instant now) {
        if (revoked != null) {
            return State.REVOKED;
        }
        return now.isBefore(expiresAt) ? State.VALID : State.EXPIRED;
    }

    AccessToken rotated(String newSha256, Instant now, Duration overlap) {
        Previous kept = overlap.isZero() ? null : new Previous(sha256, now.plus(overlap));
        return new AccessToken(
                id,
                revision + 1,
                name,
                newSha256,
                kept,
                roles,
                person,
                aliases,
                lifetime,
                issuedAt,
                issuedBy,
                now.plus(lifetime),
                revoked);
    }

    AccessToken revoked(Revocation revocation) {
        return new AccessToken(
                id,
                revision + 1,
                name,
                sha256,
                previous,
                roles,
                person,
                aliases,
                lifetime,
                issuedAt,
                issuedBy,
                expiresAt,
                revocation);
    }

    /// What the services are told of it.
    TokenChanged said() {
        return new TokenChanged(
                id,
                revision,
                name,
                sha256,
                previous == null ? null : new TokenChanged.Previous(previous.sha256(), previous.until()),
                roles,
                person,
                aliases,
                issuedAt,
                expiresAt,
                revoked == null ? null : revoked.at());
    }
}
