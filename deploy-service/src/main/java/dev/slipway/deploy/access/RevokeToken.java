package dev.slipway.deploy.access;

import static java.time.temporal.ChronoUnit.MICROS;

import dev.slipway.deploy.access.AccessToken.Revocation;
import dev.slipway.web.Caller;
import dev.slipway.web.Problem;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Ends a token's life at once, at every service.
@Singleton
final class RevokeToken {
    private final AccessTokens tokens;
    private final TellTokens tell;
    private final Clock clock;

    RevokeToken(AccessTokens tokens, TellTokens tell, Clock clock) {
        this.tokens = tokens;
        this.tell = tell;
        this.clock = clock;
    }

    /// Repeating it changes nothing.
    ///
    /// @throws Problem 404
    AccessToken revoke(Handle tx, UUID id, String reason, Caller caller) {
        AccessToken token = tokens.lock(tx, id);
        if (token.revoked() != null) {
            return token;
        }
        AccessToken revoked =
                token.revoked(new Revocation(clock.instant().truncatedTo(MICROS), caller.person(), reason));
        tokens.change(tx, revoked);
        tell.changed(tx, revoked);
        return revoked;
    }
}
