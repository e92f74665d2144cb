package dev.slipway.backup.mariadb;

import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the sequences and the counting columns of a schema give next.
final class Positions {
    private Positions() {}

    /// Whatever the session's snapshot: these stand in none.
    ///
    /// @return `orders (auto_increment)`, or a sequence's name → what it gives next
    static SortedMap<String, Long> of(MariadbSession session, String schema) throws BackupFault {
        try {
            if (!session.isMariadb()) {
                // Else what it says may be a day old.
                session.execute("SET SESSION information_schema_stats_expiry = 0");
            }
            SortedMap<String, Long> positions = new TreeMap<>();
            session.rows("""
                    SELECT table_name, auto_increment FROM information_schema.tables
                    WHERE table_schema = ? AND auto_increment IS NOT NULL AND table_type = 'BASE TABLE'""", row -> put(positions, row.get(0) + " (auto_increment)", row.get(1)), schema);
            List<String> sequences = session.texts(
                    "SELECT table_name FROM information_schema.tables WHERE table_schema = ? AND table_type = 'SEQUENCE'",
                    schema);
            for (String sequence : sequences) {
                // One that begins anew at its end is before or after another of its positions as one likes.
                session.rows(
                        "SELECT next_not_cached_value FROM %s.%s WHERE cycle_option = 0"
                                .formatted(MariadbSession.name(schema), MariadbSession.name(sequence)),
                        row -> put(positions, sequence, row.getFirst()));
            }
            return positions;
        } catch (SQLException e) {
            throw session.fault(
                    e, "reading the sequences of %s".formatted(session.access()), FailureReason.DUMP_FAILED);
        }
    }

    private static void put(SortedMap<String, Long> positions, String name, String next) {
        try {
            positions.put(name, Long.valueOf(next));
        } catch (NumberFormatException _) {
            // Past what any of them is used up to: `bigint unsigned`.
        }
    }
}
