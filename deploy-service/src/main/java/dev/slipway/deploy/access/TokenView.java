package dev.slipway.deploy.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.deploy.access.AccessToken.State;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A token as admins see it, without anything that would let somebody in.
///
/// @param state `valid`, `expired` or `revoked`
/// @param previousUntil until then the secret before the last rotation is valid too
/// @param lastUsed the day, in UTC, at any service; absent when it was never used
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TokenView(
        UUID id,
        String name,
        String state,
        List<String> roles,
        String person,
        List<String> aliases,
        Instant issuedAt,
        String issuedBy,
        Instant expiresAt,
        @Nullable Instant previousUntil,
        @Nullable Instant revokedAt,
        @Nullable String revokedBy,
        @Nullable String reason,
        @Nullable LocalDate lastUsed) {

    static TokenView of(AccessToken token, Instant now, Optional<LocalDate> lastUsed) {
        AccessToken.Previous previous = token.previous();
        AccessToken.Revocation revoked = token.revoked();
        return new TokenView(
                token.id(),
                token.name(),
                of(token.state(now)),
                token.roles(),
                token.person(),
                token.aliases(),
                token.issuedAt(),
                token.issuedBy(),
                token.expiresAt(),
                previous == null || !now.isBefore(previous.until()) ? null : previous.until(),
                revoked == null ? null : revoked.at(),
                revoked == null ? null : revoked.by(),
                revoked == null ? null : revoked.reason(),
                lastUsed.orElse(null));
    }

    static String of(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
