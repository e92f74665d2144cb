package dev.slipway.backup.watchdog;

import dev.slipway.backup.ledger.DatabaseKey;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/// Something that is wrong with the backups of a database now.
///
/// @param subject the schedule it is about; empty when it is about the database
/// @param environment full name, `shop/production`
/// @param chainId of the event that told of it: the one that takes it back belongs to the same story
/// @param nextAct what to do about it
public record Trouble(
        DatabaseKey database,
        Kind kind,
        String subject,
        String environment,
        UUID chainId,
        Instant since,
        String reason,
        String nextAct) {

    public enum Kind {
        /// The last backup failed.
        FAILED,
        /// A scheduled run was not started, and no backup came after it.
        MISSED,
        /// No proved backup is new enough.
        OVERDUE,
        /// A schedule starts nothing.
        INACTIVE,
        /// What is to be removed cannot be removed.
        RETENTION,
        /// A good backup lies in fewer locations than it should.
        COPIES,
        /// The last drill failed, and the backup is not to blame for sure.
        DRILL,
        /// The last backup is far larger or smaller than those before it.
        SIZE;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
