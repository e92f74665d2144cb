package dev.slipway.access;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.slipway.eventing.CompactedReader;
import dev.slipway.events.EventCodec;
import dev.slipway.events.TokenChanged;
import dev.slipway.events.TokenUsed;
import dev.slipway.events.Topics;
import dev.slipway.events.UnreadableEvent;
import dev.slipway.web.Caller;
import dev.slipway.web.Problem;
import dev.slipway.web.TokenSource;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The tokens that were issued at run time, as the topic tells of them. What is revoked there is dead here as soon as
/// it is read; and when the topic could not be read for too long, nobody knows what was revoked meanwhile: then none
/// of them is believed any more.
@Singleton
final class KnownTokens implements CompactedReader.Topic, TokenSource {
    private static final Logger LOG = Logger.getLogger(KnownTokens.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final Clock clock;
    private final Duration maxAge;
    private final TokenUses uses;
    private final Map<UUID, Token> byId = new ConcurrentHashMap<>();
    private final Map<String, UUID> byHash = new ConcurrentHashMap<>();
    private volatile @Nullable Instant currentAsOf;

    KnownTokens(Clock clock, TokenUses uses, @ConfigProperty(name = "slipway.tokens.max-age") Duration maxAge) {
        this.clock = clock;
        this.uses = uses;
        this.maxAge = maxAge;
    }

    @Override
    public String topic() {
        return Topics.ACCESS;
    }

    @Override
    public void current(Instant asOf) {
        if (currentAsOf == null) {
            LOG.infof("event=tokens_known count=%d", byId.size());
        }
        currentAsOf = asOf;
    }

    @Override
    public void take(String key, byte @Nullable [] value) {
        try {
            if (value == null) {
                uuid(key).ifPresent(this::forget);
            } else {
                EventCodec.read(value).ifPresent(event -> {
                    switch (event.data()) {
                        case TokenChanged change -> take(change);
                        case TokenUsed use -> uses.take(use);
                        default -> LOG.warnf("topic=%s key=%s: a %s has no place there", topic(), key, event.data());
                    }
                });
            }
        } catch (UnreadableEvent e) {
            LOG.warnf("topic=%s key=%s: %s", topic(), key, e.getMessage());
        }
    }

    private void take(TokenChanged change) {
        Token before = byId.get(change.token());
        if (before != null && before.said().revision() >= change.revision()) {
            return;
        }
        Token now = new Token(change, callerOf(change));
        now.hashes().forEach(hash -> byHash.put(hash, change.token()));
        byId.put(change.token(), now);
        if (before != null) {
            before.hashes().filter(hash -> now.hashes().noneMatch(hash::equals)).forEach(byHash::remove);
        }
    }

    /// Nobody for a token with a role that this version does not know: better than a part of what was meant.
    private static @Nullable Caller callerOf(TokenChanged token) {
        try {
            return Caller.granted(token.name(), token.person(), token.roles(), Set.copyOf(token.aliases()));
        } catch (IllegalArgumentException e) {
            LOG.warnf("token=%s is not accepted here: %s", token.token(), e.getMessage());
            return null;
        }
    }

    private void forget(UUID token) {
        Token known = byId.remove(token);
        if (known != null) {
            known.hashes().forEach(byHash::remove);
        }
        uses.forget(token);
    }

    @Override
    public Optional<Caller> callerWith(String presented) {
        if (!AccessSecret.isWellFormed(presented)) {
            return Optional.empty();
        }
        String hash = AccessSecret.sha256(presented);
        Optional<Token> known = Optional.ofNullable(byHash.get(hash)).map(byId::get);
        Instant now = clock.instant();
        known.ifPresent(token -> token.refuseEnded(hash, now));
        refuseStale(now);
        return known.flatMap(token -> {
            uses.used(token.said().token());
            return Optional.ofNullable(token.caller());
        });
    }

    private void refuseStale(Instant now) {
        Instant asOf = currentAsOf;
        if (asOf == null) {
            throw Problem.unavailable("The tokens issued at run time are not known here yet.", RETRY_AFTER);
        }
        if (asOf.plus(maxAge).isBefore(now)) {
            throw Problem.unavailable(
                    "Nobody can tell which tokens were revoked since %s: %s cannot be read.".formatted(asOf, topic()),
                    RETRY_AFTER);
        }
    }

    private static Optional<UUID> uuid(String key) {
        try {
            return Optional.of(UUID.fromString(key));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private record Token(TokenChanged said, @Nullable Caller caller) {
        Stream<String> hashes() {
            return said.previous() == null
                    ? Stream.of(said.sha256())
                    : Stream.of(said.sha256(), said.previous().sha256());
        }

        void refuseEnded(String hash, Instant now) {
            if (said.revokedAt() != null) {
                throw Problem.invalidToken("This token was revoked at %s.".formatted(said.revokedAt()));
            }
            if (!now.isBefore(said.expiresAt())) {
                throw Problem.invalidToken("This token has expired at %s.".formatted(said.expiresAt()));
            }
            if (!isSame(said.sha256(), hash) && !isStillValid(said.previous(), hash, now)) {
                throw Problem.invalidToken("This token was rotated: another one has taken its place.");
            }
        }

        private static boolean isStillValid(TokenChanged.@Nullable Previous previous, String hash, Instant now) {
            return previous != null && isSame(previous.sha256(), hash) && now.isBefore(previous.until());
        }

        private static boolean isSame(String one, String other) {
            return MessageDigest.isEqual(one.getBytes(US_ASCII), other.getBytes(US_ASCII));
        }
    }
}
