package dev.slipway.deploy.access;

import static java.time.temporal.ChronoUnit.MICROS;

import dev.slipway.access.AccessSecret;
import dev.slipway.eventing.Ids;
import dev.slipway.web.AccessConfig;
import dev.slipway.web.Caller;
import dev.slipway.web.Problem;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jdbi.v3.core.Handle;

/// Issues a token: its secret is in the answer, here and nowhere else.
@Singleton
final class IssueToken {
    private final AccessTokens tokens;
    private final TellTokens tell;
    private final AccessConfig configured;
    private final Clock clock;
    private final Duration usual;
    private final Duration longest;
    private final SecureRandom random = new SecureRandom();

    IssueToken(
            AccessTokens tokens,
            TellTokens tell,
            AccessConfig configured,
            Clock clock,
            @ConfigProperty(name = "slipway.tokens.lifetime") Duration usual,
            @ConfigProperty(name = "slipway.tokens.longest-lifetime") Duration longest) {
        this.tokens = tokens;
        this.tell = tell;
        this.configured = configured;
        this.clock = clock;
        this.usual = usual;
        this.longest = longest;
    }

    /// @throws Problem 422 with every fault of the wish; 409 `name-taken`
    IssuedToken issue(Handle tx, TokenWish wish, Caller caller) {
        TokenWish.Checked checked = wish.check(usual, longest);
        Instant now = clock.instant().truncatedTo(MICROS);
        String secret = AccessSecret.next(random);
        AccessToken token = new AccessToken(
                Ids.next(clock),
                0,
                checked.name(),
                AccessSecret.sha256(secret),
                null,
                checked.roles(),
                checked.person(),
                checked.aliases(),
                checked.lifetime(),
                now,
                caller.person(),
                now.plus(checked.lifetime()),
                null);
        if (isConfigured(token.name()) || !tokens.add(tx, token)) {
            throw Problem.conflict(
                    "name-taken",
                    "There is a valid token '%s' already.".formatted(token.name()),
                    Map.of("name", token.name()));
        }
        tell.changed(tx, token);
        return new IssuedToken(token, secret);
    }

    private boolean isConfigured(String name) {
        return configured.tokens().stream().anyMatch(token -> token.name().equals(name));
    }
}
