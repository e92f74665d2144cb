package dev.slipway.backup.postgres;

import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.program.Run;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/// One session on the server somebody's database lives on, known there by its application name.
///
/// [#snapshot()] begins a transaction that reads one moment of the database; everything counted in it, and what
/// `pg_dump` writes under its name, is of that moment.
public final class PostgresSession implements AutoCloseable {
    /// Tables whose rows `pg_dump` writes: not the system's, not temporary ones, not those an extension makes
    /// itself.
    private static final String USER_TABLES = """
            SELECT format('%I.%I', n.nspname, c.relname)
            FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND c.relpersistence <> 't'
              AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
              AND NOT EXISTS (
                SELECT FROM pg_depend d
                WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
            ORDER BY 1
            """;

    private final Connection connection;
    private final Access access;
    private final Run run;
    private final Run.Ender ender;

    private PostgresSession(Connection connection, Access access) {
        this.connection = connection;
        this.access = access;
        this.run = Run.current();
        this.ender = run.endBy(this::breakOff);
    }

    /// The name the sessions of a backup, its own and those of its programs, have on the server.
    public static String applicationName(UUID backup) {
        return "backup-" + backup;
    }

    /// Connects, with the limits set on the server too.
    ///
    /// @throws BackupFault `server-unreachable` or `access-denied`
    public static PostgresSession open(Access access, UUID backup, Limits limits) throws BackupFault {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {access.host()});
        source.setPortNumbers(new int[] {access.port()});
        source.setDatabaseName(access.database());
        source.setUser(access.user());
        source.setPassword(access.password());
        source.setApplicationName(applicationName(backup));
        source.setConnectTimeout(seconds(limits.connect().toSeconds()));
        source.setLoginTimeout(seconds(limits.connect().toSeconds()));
        // A statement is ended by the server; a server that went away without a word, by this.
        source.setSocketTimeout(seconds(limits.total().plus(limits.connect()).toSeconds()));
        source.setTcpKeepAlive(true);
        try {
            Connection connection = source.getConnection();
            try {
                var session = new PostgresSession(connection, access);
                session.execute("SET search_path = ''");
                session.execute("SET statement_timeout = " + limits.total().toMillis());
                session.execute("SET lock_timeout = " + limits.lockWait().toMillis());
                // The session waits inside its transaction for as long as the dump runs.
                session.execute("SET idle_in_transaction_session_timeout = 0");
                // Rows hidden from this role must be a failure, not a smaller number.
                session.execute("SET row_security = off");
                return session;
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw SqlFaults.of(e, "connecting to " + access, FailureReason.SERVER_UNREACHABLE);
        }
    }

    /// What is worth knowing of a database before it is dumped.
    ///
    /// @param version such as `15.19`
    /// @param collation `LC_COLLATE` and `characterType` `LC_CTYPE`
    public record Facts(
            int major,
            String version,
            String encoding,
            String collation,
            String characterType,
            long sizeBytes,
            SortedMap<String, String> extensions) {}

    public Facts facts() throws BackupFault {
        SortedMap<String, String> extensions = new TreeMap<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery("SELECT extname, extversion FROM pg_extension")) {
                while (row.next()) {
                    extensions.put(row.getString(1), row.getString(2));
                }
            }
            try (ResultSet row = statement.executeQuery("""
                    SELECT current_setting('server_version_num')::int / 10000,
                           split_part(current_setting('server_version'), ' ', 1),
                           pg_encoding_to_char(encoding), datcollate, datctype, pg_database_size(oid)
                    FROM pg_database WHERE datname = current_database()
                    """)) {
                row.next();
                return new Facts(
                        row.getInt(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getLong(6),
                        extensions);
            }
        } catch (SQLException e) {
            throw SqlFaults.of(e, "asking for the facts of " + access, FailureReason.DUMP_FAILED);
        }
    }

    /// Begins to read one moment of the database, and names it for `pg_dump --snapshot`.
    public String snapshot() throws BackupFault {
        try {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            return text("SELECT pg_export_snapshot()");
        } catch (SQLException e) {
            throw SqlFaults.of(e, "taking a snapshot of " + access, FailureReason.DUMP_FAILED);
        }
    }

    /// Counts every user table exactly, `schema.table` → rows.
    ///
    /// All of them are locked against being emptied or changed in shape first, for as long as the transaction
    /// lasts: what is counted here is what a dump under the same snapshot writes.
    ///
    /// @throws BackupFault `lock-timeout` when somebody holds a table, `access-denied` when one may not be read
    public SortedMap<String, Long> countRows() throws BackupFault {
        try {
            List<String> tables = texts(USER_TABLES);
            if (!tables.isEmpty()) {
                execute("LOCK TABLE ONLY %s IN ACCESS SHARE MODE".formatted(String.join(", ONLY ", tables)));
            }
            SortedMap<String, Long> rows = new TreeMap<>();
            for (String table : tables) {
                if (run.isStopped()) {
                    // Between two of them there was no statement to be cancelled.
                    throw new SQLException("the run was stopped");
                }
                rows.put(table, Long.valueOf(text("SELECT count(*) FROM ONLY " + table)));
            }
            return rows;
        } catch (SQLException e) {
            throw SqlFaults.of(e, "counting the rows of " + access, FailureReason.DUMP_FAILED);
        }
    }

    /// See [Question]. The session is good for nothing else afterwards.
    @Nullable
    String ask(String sql, Duration limit) {
        return Question.ask(connection, sql, limit);
    }

    /// Where the migrations of the database stand, in the same moment.
    ///
    /// @param tables as [#countRows] names them
    /// @return null when there is no table of them that is known here
    public @Nullable String schemaVersion(Iterable<String> tables) throws BackupFault {
        try {
            return SchemaVersion.read(this, tables);
        } catch (SQLException e) {
            throw SqlFaults.of(e, "reading the schema version of " + access, FailureReason.DUMP_FAILED);
        }
    }

    /// Ends the other sessions of a backup: those of a worker that is gone. Only sessions of the same role.
    public void endSessionsOf(UUID backup) throws BackupFault {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE application_name = ? AND usename = current_user AND pid <> pg_backend_pid()
                """)) {
            statement.setString(1, applicationName(backup));
            statement.execute();
        } catch (SQLException e) {
            throw SqlFaults.of(e, "ending old sessions on " + access, FailureReason.DUMP_FAILED);
        }
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    List<String> texts(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }

    SortedMap<String, Long> numbers(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            SortedMap<String, Long> numbers = new TreeMap<>();
            while (rows.next()) {
                numbers.put(rows.getString(1), rows.getLong(2));
            }
            return numbers;
        }
    }

    private String text(String sql) throws SQLException {
        return texts(sql).getFirst();
    }

    /// Ends the statement that runs, on the server too.
    private void breakOff() {
        try {
            connection.unwrap(PGConnection.class).cancelQuery();
        } catch (SQLException _) {
            // Then its own time limit ends it.
        }
    }

    private static int seconds(long seconds) {
        return Math.max(1, Math.toIntExact(seconds));
    }

    @Override
    public void close() {
        ender.close();
        try {
            connection.close();
        } catch (SQLException _) {
            // The server ends the session when the socket is gone.
        }
    }
}
