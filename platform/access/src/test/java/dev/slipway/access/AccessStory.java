package dev.slipway.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.eventing.EventWriter;
import dev.slipway.eventing.Ids;
import dev.slipway.eventing.Outbox;
import dev.slipway.events.Event;
import dev.slipway.events.EventCodec;
import dev.slipway.events.EventData;
import dev.slipway.events.TokenChanged;
import dev.slipway.testkit.TestClock;
import dev.slipway.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/// Services that know tokens, and the tokens they get to know.
final class AccessStory {
    static final Duration MAX_AGE = Duration.ofMinutes(5);

    final TestClock clock = TestClock.at("2026-03-01T10:00:00Z");
    final Jdbi jdbi = TestDatabase.fresh("db/eventing").jdbi();

    TokenUses uses(String service) {
        return new TokenUses(jdbi, new EventWriter(new Outbox(clock), clock, service), clock, service);
    }

    KnownTokens tokens(String service) {
        return tokens(uses(service));
    }

    KnownTokens tokens(TokenUses uses) {
        return new KnownTokens(clock, uses, MAX_AGE);
    }

    TokenChanged issued(String secret) {
        return new TokenChanged(
                Ids.next(clock),
                0,
                "mara-laptop",
                AccessSecret.sha256(secret),
                null,
                List.of("operator"),
                "mara",
                List.of("github:mara-k"),
                clock.instant(),
                clock.instant().plus(Duration.ofDays(90)),
                null);
    }

    TokenChanged rotated(TokenChanged token, String next, Duration overlap) {
        TokenChanged.Previous previous = overlap.isZero()
                ? null
                : new TokenChanged.Previous(token.sha256(), clock.instant().plus(overlap));
        return new TokenChanged(
                token.token(),
                token.revision() + 1,
                token.name(),
                AccessSecret.sha256(next),
                previous,
                token.roles(),
                token.person(),
                token.aliases(),
                token.issuedAt(),
                token.expiresAt(),
                null);
    }

    TokenChanged revoked(TokenChanged token) {
        return new TokenChanged(
                token.token(),
                token.revision() + 1,
                token.name(),
                token.sha256(),
                token.previous(),
                token.roles(),
                token.person(),
                token.aliases(),
                token.issuedAt(),
                token.expiresAt(),
                clock.instant());
    }

    byte[] record(EventData data) {
        UUID id = Ids.next(clock);
        Event<?> event = new Event<>(id, "/slipway/deploy-service", id.toString(), clock.instant(), id, data);
        return EventCodec.toJson(event).toString().getBytes(UTF_8);
    }
}
