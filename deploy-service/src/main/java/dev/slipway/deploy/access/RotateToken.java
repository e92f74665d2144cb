package dev.slipway.deploy.access;

import static java.time.temporal.ChronoUnit.MICROS;

import dev.slipway.access.AccessSecret;
import dev.slipway.web.Fault;
import dev.slipway.web.Problem;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Puts a new secret in the place of a token's old one, for its lifetime anew.
@Singleton
final class RotateToken {
    private static final Duration LONGEST_OVERLAP = Duration.ofDays(7);

    private final AccessTokens tokens;
    private final TellTokens tell;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    RotateToken(AccessTokens tokens, TellTokens tell, Clock clock) {
        this.tokens = tokens;
        this.tell = tell;
        this.clock = clock;
    }

    /// @param overlap how long the old secret is valid beside the new one; what it had replaced itself no longer is
    /// @throws Problem 404; 409 `token-ended` for one that is revoked or expired; 422 for an overlap out of range
    IssuedToken rotate(Handle tx, UUID id, Duration overlap) {
        if (overlap.isNegative() || overlap.compareTo(LONGEST_OVERLAP) > 0) {
            throw Problem.unprocessable(
                    "The old token cannot stay that long.",
                    List.of(Fault.at("overlap", "must be from PT0S to %s".formatted(LONGEST_OVERLAP))));
        }
        Instant now = clock.instant().truncatedTo(MICROS);
        AccessToken token = tokens.lock(tx, id);
        if (token.state(now) != AccessToken.State.VALID) {
            throw Problem.conflict(
                    "token-ended",
                    "The token '%s' is valid no more: issue another one.".formatted(token.name()),
                    Map.of("state", TokenView.of(token.state(now))));
        }
        String secret = AccessSecret.next(random);
        AccessToken rotated = token.rotated(AccessSecret.sha256(secret), now, overlap);
        tokens.change(tx, rotated);
        tell.changed(tx, rotated);
        return new IssuedToken(rotated, secret);
    }
}
