package dev.slipway.backup.schedule;

import dev.slipway.backup.ledger.DatabaseKey;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A schedule of one database.
///
/// @param by whose token made it
/// @param next when it is due next: always known, also while it is paused
/// @param last what became of the last time it was due; null before the first
/// @param version grows with every change that somebody makes
public record Schedule(
        UUID id,
        DatabaseKey database,
        Plan plan,
        Origin origin,
        String by,
        Instant createdAt,
        @Nullable Pause pause,
        Occurrence next,
        @Nullable Run last,
        long version) {

    /// Who may change it.
    public enum Origin {
        /// The application's manifest says it: it is changed there.
        MANIFEST,
        /// Somebody made it over HTTP.
        REST;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// While it is paused nothing is started, and nothing is caught up afterwards.
    public record Pause(Instant since, String by, String reason) {}

    /// What became of one time it was due.
    ///
    /// @param at when that was decided
    /// @param subject the backup or drill that was started
    /// @param note why not, or what else there is to say
    public record Run(
            Occurrence due,
            Instant at,
            Outcome outcome,
            @Nullable UUID subject,
            @Nullable String note) {}

    public enum Outcome {
        /// In time.
        STARTED,
        /// Late, since nobody was there to do it in time, and once for all that had been due.
        CAUGHT_UP,
        /// Later than the schedule's grace, or there was nothing to start.
        MISSED,
        /// Not started because of a pause.
        PAUSED;

        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Outcome ofLabel(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }
}
