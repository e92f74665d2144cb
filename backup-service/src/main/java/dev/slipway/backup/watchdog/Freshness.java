package dev.slipway.backup.watchdog;

import dev.slipway.backup.ledger.Spans;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Whether the backups of a database are as fresh as its policy wants. Pure.
sealed interface Freshness {
    /// @param why for people: `the newest proved backup is 3 h old`
    record Fresh(String why) implements Freshness {}

    record Overdue(@Nullable Newest newest, String reason) implements Freshness {}

    /// The newest backup that was proved well enough. @param at the moment it shows the database at
    record Newest(UUID backup, Instant at) {}

    /// @param since since when the database is looked after: without any backup it has `maxAge` from then
    static Freshness of(WatchdogPolicy policy, Optional<Newest> newest, Instant since, Instant now) {
        String allowed = "allowed: " + Spans.words(policy.maxAge());
        if (newest.isEmpty()) {
            Duration without = Duration.between(since, now);
            return without.compareTo(policy.maxAge()) <= 0
                    ? new Fresh("the first backup is not due yet")
                    : new Overdue(
                            null,
                            "there is no backup proved by %s, %s after the database came into the manifest; %s"
                                    .formatted(policy.proof().label(), Spans.words(without), allowed));
        }
        Duration age = Duration.between(newest.get().at(), now);
        String old = "the newest backup proved by %s shows the database %s ago"
                .formatted(policy.proof().label(), Spans.words(age));
        return age.compareTo(policy.maxAge()) <= 0
                ? new Fresh(old)
                : new Overdue(newest.get(), "%s; %s".formatted(old, allowed));
    }
}
