package dev.slipway.access;

import dev.slipway.eventing.EventWriter;
import dev.slipway.events.TokenUsed;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Jdbi;

/// The day on which a token was last used, anywhere: every service tells it once a day, and all of them remember.
@Singleton
public final class TokenUses {
    private static final Logger LOG = Logger.getLogger(TokenUses.class);

    private final Jdbi jdbi;
    private final EventWriter events;
    private final Clock clock;
    private final String service;
    private final Map<UUID, Map<String, LocalDate>> days = new ConcurrentHashMap<>();

    public TokenUses(
            Jdbi jdbi, EventWriter events, Clock clock, @ConfigProperty(name = "slipway.service") String service) {
        this.jdbi = jdbi;
        this.events = events;
        this.clock = clock;
        this.service = service;
    }

    /// The last day, in UTC; empty when it was never used.
    public Optional<LocalDate> last(UUID token) {
        return days.getOrDefault(token, Map.of()).values().stream().max(LocalDate::compareTo);
    }

    /// The keys under which the uses of a token stand on the topic.
    public List<String> keysOf(UUID token) {
        return days.getOrDefault(token, Map.of()).keySet().stream()
                .map(known -> key(token, known))
                .toList();
    }

    private static String key(UUID token, String service) {
        return token + "/" + service;
    }

    /// Somebody was let in here. Returns at once; what there is to tell is told in the background.
    void used(UUID token) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        if (note(token, service, today)) {
            Thread.ofVirtual().name("token-used").start(() -> tell(token, today));
        }
    }

    private void tell(UUID token, LocalDate today) {
        try {
            TokenUsed use = new TokenUsed(token, service, today.toString());
            jdbi.useTransaction(tx -> events.write(tx, key(token, service), token.toString(), token, use));
        } catch (RuntimeException e) {
            LOG.debugf(e, "token=%s: its use was not told", token);
        }
    }

    void take(TokenUsed use) {
        try {
            note(use.token(), use.service(), LocalDate.parse(use.day()));
        } catch (DateTimeParseException _) {
            LOG.warnf("token=%s: '%s' is no day", use.token(), use.day());
        }
    }

    void forget(UUID token) {
        days.remove(token);
    }

    /// @return whether that is news
    private boolean note(UUID token, String where, LocalDate day) {
        Map<String, LocalDate> known = days.computeIfAbsent(token, _ -> new ConcurrentHashMap<>());
        LocalDate before = known.get(where);
        if (before != null && !before.isBefore(day)) {
            return false;
        }
        return known.merge(where, day, (one, other) -> one.isAfter(other) ? one : other)
                .equals(day);
    }
}
