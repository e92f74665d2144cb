package dev.slipway.backup.postgres;

import dev.slipway.backup.engine.Access;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What a database consists of besides its rows, as far as `pg_dump` writes it: nothing of the system, of extensions or
/// of one session, no index that is broken.
final class PostgresObjects {
    /// Sequences that are read with one statement: it holds a lock on each.
    private static final int AT_ONCE = 500;

    private static final String OWN = """
            WITH own AS MATERIALIZED (
              SELECT c.oid, c.relkind, format('%I.%I', n.nspname, c.relname) AS name
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE c.relpersistence <> 't'
                AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
                AND NOT EXISTS (
                  SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))
            """;

    private static final String KINDS = OWN + """
            SELECT 'tables', count(*) FROM own WHERE relkind IN ('r', 'p', 'f')
            UNION ALL SELECT 'views', count(*) FROM own WHERE relkind = 'v'
            UNION ALL SELECT 'materialized views', count(*) FROM own WHERE relkind = 'm'
            UNION ALL SELECT 'sequences', count(*) FROM own WHERE relkind = 'S'
            UNION ALL SELECT 'indexes', count(*) FROM pg_index i JOIN own ON own.oid = i.indrelid
              WHERE i.indisready AND (i.indisvalid OR own.relkind = 'p')
            UNION ALL SELECT 'constraints', count(*) FROM pg_constraint k JOIN own ON own.oid = k.conrelid
            UNION ALL SELECT 'triggers', count(*) FROM pg_trigger t JOIN own ON own.oid = t.tgrelid
              WHERE NOT t.tgisinternal
            UNION ALL SELECT 'row policies', count(*) FROM pg_policy p JOIN own ON own.oid = p.polrelid
            UNION ALL SELECT 'functions', count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
              WHERE n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
                AND NOT EXISTS (
                  SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
            UNION ALL SELECT 'large objects', count(*) FROM pg_largeobject_metadata
            """;

    /// One that begins anew at its end is before or after another of its positions as one likes.
    private static final String SEQUENCES = OWN + """
            SELECT own.name FROM own JOIN pg_sequence s ON s.seqrelid = own.oid WHERE NOT s.seqcycle ORDER BY 1
            """;

    /// What `nextval` would give, were there no end of the range.
    private static final String NEXT = """
            SELECT '%1$s', least(greatest(v.last_value::numeric
                + CASE WHEN v.is_called THEN s.seqincrement ELSE 0 END, -9223372036854775808), 9223372036854775807)
            FROM %2$s v, pg_catalog.pg_sequence s WHERE s.seqrelid = '%1$s'::regclass
            """;

    private PostgresObjects() {}

    /// Kind → how many.
    static SortedMap<String, Long> kinds(PostgresSession session, Access access) throws BackupFault {
        try {
            return session.numbers(KINDS);
        } catch (SQLException e) {
            throw SqlFaults.of(e, "counting the objects of " + access, FailureReason.DUMP_FAILED);
        }
    }

    /// The sequences that are compared, as SQL writes them.
    static List<String> sequences(PostgresSession session, Access access) throws BackupFault {
        try {
            return session.texts(SEQUENCES);
        } catch (SQLException e) {
            throw SqlFaults.of(e, "listing the sequences of " + access, FailureReason.DUMP_FAILED);
        }
    }

    /// Sequence → what it gives next, now: a snapshot does not hold it still. In a session without a
    /// transaction, so that no lock outlasts its statement.
    static SortedMap<String, Long> positions(PostgresSession session, List<String> sequences, Access access)
            throws BackupFault {
        SortedMap<String, Long> positions = new TreeMap<>();
        try {
            for (int from = 0; from < sequences.size(); from += AT_ONCE) {
                positions.putAll(session.numbers(
                        sequences.subList(from, Math.min(from + AT_ONCE, sequences.size())).stream()
                                .map(name -> NEXT.formatted(name.replace("'", "''"), name))
                                .collect(Collectors.joining(" UNION ALL "))));
            }
            return positions;
        } catch (SQLException e) {
            throw SqlFaults.of(e, "reading the sequences of " + access, FailureReason.DUMP_FAILED);
        }
    }
}
