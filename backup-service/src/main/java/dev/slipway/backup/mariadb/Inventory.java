package dev.slipway.backup.mariadb;

import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a database has: what a dump of it must hold. A server shows an account only what that may see, and says nothing
/// of the rest, so the account has to be one that sees everything.
///
/// @param tables name → engine that keeps it
/// @param objects kind of object → how many, the tables among them
record Inventory(SortedMap<String, String> tables, SortedMap<String, Long> objects) {
    private static final String INNODB = "InnoDB";

    /// Everything it has, where the account sees everything.
    static Inventory of(MariadbSession session) throws BackupFault {
        String schema = session.access().database();
        String what = "listing what %s has".formatted(session.access());
        try {
            return list(session, schema);
        } catch (SQLException e) {
            throw session.fault(e, what, FailureReason.DUMP_FAILED);
        }
    }

    /// What a schema has of what this account may see.
    static Inventory list(MariadbSession session, String schema) throws SQLException {
        SortedMap<String, String> tables = new TreeMap<>();
        SortedMap<String, Long> objects = new TreeMap<>();
        session.rows(
                "SELECT table_name, table_type, engine FROM information_schema.tables WHERE table_schema = ?",
                row -> {
                    switch (row.get(1)) {
                        case "VIEW", "SYSTEM VIEW" -> objects.merge(Objects.VIEWS, 1L, Long::sum);
                        case "SEQUENCE" -> objects.merge(Objects.SEQUENCES, 1L, Long::sum);
                        default -> tables.put(row.get(0), row.get(2) == null ? "none" : row.get(2));
                    }
                },
                schema);
        Objects.tell(objects, Objects.TABLES, tables.size());
        count(session, objects, Objects.ROUTINES, "routines WHERE routine_schema", schema);
        count(session, objects, Objects.TRIGGERS, "triggers WHERE trigger_schema", schema);
        count(session, objects, Objects.EVENTS, "events WHERE event_schema", schema);
        return new Inventory(tables, objects);
    }

    /// Those that a snapshot holds.
    List<String> inSnapshot() {
        return tables.entrySet().stream()
                .filter(table -> table.getValue().equals(INNODB))
                .map(Map.Entry::getKey)
                .toList();
    }

    /// Those that no snapshot holds, for people: `audit (MyISAM)`.
    List<String> outsideSnapshot() {
        return tables.entrySet().stream()
                .filter(table -> !table.getValue().equals(INNODB))
                .map(table -> "%s (%s)".formatted(table.getKey(), table.getValue()))
                .toList();
    }

    private static void count(
            MariadbSession session, SortedMap<String, Long> objects, String kind, String where, String schema)
            throws SQLException {
        String many = session.text("SELECT count(*) FROM information_schema.%s = ?".formatted(where), schema);
        Objects.tell(objects, kind, Long.parseLong(many));
    }

    /// @throws BackupFault `access-denied`, with the rights that are missing
    static void requireSight(MariadbSession session) throws BackupFault {
        try {
            requireSight(session, session.access().database());
        } catch (SQLException e) {
            throw session.fault(e, "asking for the rights of " + session.access(), FailureReason.DUMP_FAILED);
        }
    }

    private static void requireSight(MariadbSession session, String schema) throws SQLException, BackupFault {
        TreeSet<String> missing = new TreeSet<>(List.of("SELECT", "SHOW VIEW", "TRIGGER", "EVENT"));
        List<String> global = session.texts("""
                SELECT privilege_type FROM information_schema.user_privileges WHERE grantee = %s""".formatted(GRANTEE));
        missing.removeAll(global);
        missing.removeAll(session.texts("""
                SELECT privilege_type FROM information_schema.schema_privileges
                WHERE grantee = %s AND ? LIKE table_schema""".formatted(GRANTEE), schema));
        List<String> wanted = new ArrayList<>();
        if (!missing.isEmpty()) {
            wanted.add("GRANT %s ON %s.*".formatted(String.join(", ", missing), MariadbSession.name(schema)));
        }
        routines(session, global, wanted);
        if (!wanted.isEmpty()) {
            throw new BackupFault(
                    FailureReason.ACCESS_DENIED,
                    "'%s' does not see everything in %s, and what it does not see a dump leaves out without a word: %s"
                            .formatted(session.access().user(), schema, String.join("; ", wanted)));
        }
    }

    /// MariaDB shows the routines of others to who may read its table of them, MySQL to who may read everything.
    private static void routines(MariadbSession session, List<String> global, List<String> wanted) {
        if (session.isMariadb()) {
            try {
                session.execute("SELECT 1 FROM mysql.proc LIMIT 0");
            } catch (SQLException _) {
                wanted.add("GRANT SELECT ON mysql.proc");
            }
        } else if (!global.contains("SELECT") && !global.contains("SHOW_ROUTINE")) {
            wanted.add("GRANT SHOW_ROUTINE ON *.*");
        }
    }

    /// This account as the lists of rights write it.
    private static final String GRANTEE = """
            concat('\\'', substring_index(current_user(), '@', char_length(current_user())
              - char_length(replace(current_user(), '@', ''))), '\\'@\\'', substring_index(current_user(), '@', -1), '\\'')""";
}
