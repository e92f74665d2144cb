package dev.slipway.backup.mariadb;

import dev.slipway.backup.engine.Access;
import dev.slipway.backup.engine.Job;
import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.engine.ServerKind;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.program.Run;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.Connection;
import org.mariadb.jdbc.Driver;

/// One session on a server of MariaDB or MySQL, found there again by a named lock it holds.
final class MariadbSession implements AutoCloseable {
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]+");

    private final Connection connection;
    private final Access access;
    private final Limits limits;
    private final Run run;
    private final Run.Ender ender;
    private final String version;

    private MariadbSession(Connection connection, Access access, Limits limits) throws SQLException {
        this.connection = connection;
        this.access = access;
        this.limits = limits;
        this.version = text("SELECT version()");
        this.run = Run.current();
        this.ender = run.endBy(this::breakOff);
    }

    /// Connects, with the limits set on the server too, and with the database as the one that is meant.
    ///
    /// @throws BackupFault `server-unreachable`, `access-denied` or `unknown-database`
    static MariadbSession open(Job job) throws BackupFault {
        MariadbSession session = openServer(job.source(), job.limits());
        try {
            session.text("SELECT get_lock(?, 0)", lock(job.backup()));
            session.execute("USE " + name(job.source().database()));
            return session;
        } catch (SQLException e) {
            session.close();
            throw session.fault(e, "connecting to " + job.source(), FailureReason.SERVER_UNREACHABLE);
        }
    }

    /// Connects to the server and to no database on it.
    static MariadbSession openServer(Access access, Limits limits) throws BackupFault {
        String what = "connecting to " + access;
        try {
            Configuration how = Configuration.parse(url(access), options(access, limits));
            Connection connection = Driver.connect(how);
            try {
                connection.setNetworkTimeout(
                        Runnable::run,
                        Math.toIntExact(limits.total().plus(limits.lockWait()).toMillis()));
                MariadbSession session = new MariadbSession(connection, access, limits);
                session.execute("SET SESSION sql_mode = '', lock_wait_timeout = %1$d, innodb_lock_wait_timeout = %1$d"
                        .formatted(Math.max(1, limits.lockWait().toSeconds())));
                // The session waits inside its transaction for as long as the dump runs.
                session.execute("SET SESSION wait_timeout = "
                        + Math.max(30, limits.total().plus(limits.lockWait()).toSeconds()));
                return session;
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            boolean mysqls = String.valueOf(e.getMessage()).contains("RSA public key");
            throw Faults.of(
                    e,
                    mysqls ? what + " (it is a MySQL server, and the manifest does not say `type: mysql`)" : what,
                    FailureReason.SERVER_UNREACHABLE);
        }
    }

    /// @throws SQLException when the name of the host is none: nothing else may get into the URL
    private static String url(Access access) throws SQLException {
        if (!HOST.matcher(access.host()).matches()) {
            throw new SQLException("not the name or address of a host: " + access.host());
        }
        return "jdbc:mariadb://address=(host=%s)(port=%d)/".formatted(access.host(), access.port());
    }

    private static Properties options(Access access, Limits limits) {
        Properties options = new Properties();
        options.setProperty("user", access.user());
        options.setProperty("password", access.password());
        options.setProperty("connectTimeout", Long.toString(limits.connect().toMillis()));
        // Until the server greeted; then every statement has its own time.
        options.setProperty("socketTimeout", Long.toString(limits.connect().toMillis()));
        options.setProperty("allowLocalInfile", "false");
        if (access.kind() == ServerKind.MYSQL) {
            // It takes passwords of its usual kind by TLS only, and has a certificate of its own making for that.
            options.setProperty("sslMode", "trust");
        }
        return options;
    }

    /// Whose server it is: else MySQL's.
    boolean isMariadb() {
        return version.contains("MariaDB");
    }

    /// Such as `10.11.19-MariaDB`.
    String version() {
        return version;
    }

    /// What is worth knowing of a database before it is dumped.
    record Facts(String encoding, String collation, long sizeBytes) {}

    Facts facts() throws BackupFault {
        try {
            List<String> charset = row("""
                    SELECT default_character_set_name, default_collation_name FROM information_schema.schemata
                    WHERE schema_name = ?""", access.database());
            String size = text("""
                    SELECT coalesce(sum(data_length + index_length), 0) FROM information_schema.tables
                    WHERE table_schema = ?""", access.database());
            return new Facts(charset.get(0), charset.get(1), Long.parseLong(size));
        } catch (SQLException e) {
            throw fault(e, "asking for the facts of " + access, FailureReason.DUMP_FAILED);
        }
    }

    /// Keeps everybody from writing until [#letWrite], so that two sessions can begin with the same moment.
    ///
    /// @return false when this account may not
    /// @throws BackupFault `lock-timeout` when somebody holds a table for longer than the backup may wait
    boolean holdWrites() throws BackupFault {
        try {
            execute("FLUSH TABLES WITH READ LOCK");
            return true;
        } catch (SQLException e) {
            BackupFault fault =
                    fault(e, "waiting for a moment without writers on " + access, FailureReason.DUMP_FAILED);
            if (fault.reason() == FailureReason.ACCESS_DENIED) {
                return false;
            }
            throw fault;
        }
    }

    void letWrite() throws SQLException {
        execute("UNLOCK TABLES");
    }

    /// Begins to read one moment of the database.
    void beginSnapshot() throws BackupFault {
        try {
            execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
        } catch (SQLException e) {
            throw fault(e, "taking a snapshot of " + access, FailureReason.DUMP_FAILED);
        }
    }

    /// Keeps the shape of every table as it is until this session ends; whoever writes rows is not kept from it.
    ///
    /// @throws BackupFault `lock-timeout` when somebody holds one
    void holdShapes() throws BackupFault {
        String what = "listing the tables of " + access;
        try {
            execute("USE " + name(access.database()));
            execute("START TRANSACTION READ ONLY");
            for (String table : Inventory.list(this, access.database()).tables().keySet()) {
                what = "reading table %s of %s".formatted(table, access);
                execute("SELECT 1 FROM %s LIMIT 0".formatted(name(table)));
            }
        } catch (SQLException e) {
            throw fault(e, what, FailureReason.DUMP_FAILED);
        }
    }

    /// Counts tables exactly.
    SortedMap<String, Long> countRows(Iterable<String> tables) throws BackupFault {
        SortedMap<String, Long> rows = new TreeMap<>();
        for (String table : tables) {
            try {
                if (run.isStopped()) {
                    throw new SQLException("the run was stopped");
                }
                rows.put(table, Long.valueOf(text("SELECT count(*) FROM " + name(table))));
            } catch (SQLException e) {
                throw fault(e, "counting table %s of %s".formatted(table, access), FailureReason.DUMP_FAILED);
            }
        }
        return rows;
    }

    /// Ends the session of a worker that is gone.
    void endSessionOf(UUID backup) throws BackupFault {
        try {
            kill(texts("SELECT is_used_lock(?)", lock(backup)));
        } catch (SQLException e) {
            throw fault(e, "ending old sessions on " + access, FailureReason.DUMP_FAILED);
        }
    }

    /// Ends every other session that is in a schema.
    void endSessionsIn(String schema) throws SQLException {
        kill(texts("""
                SELECT id FROM information_schema.processlist WHERE db = ? AND id <> connection_id()""", schema));
    }

    private void kill(List<String> ids) throws SQLException {
        for (String id : ids) {
            if (id != null && !id.equals(text("SELECT connection_id()"))) {
                try {
                    execute("KILL " + Long.parseLong(id));
                } catch (SQLException e) {
                    if (e.getErrorCode() != 1094) { // no such thread: it ended by itself
                        throw e;
                    }
                }
            }
        }
    }

    /// See [Question]. The session is good for nothing else afterwards.
    @Nullable
    String ask(String sql, Duration limit) {
        return Question.ask(this, connection, sql, limit);
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    List<String> texts(String sql, String... values) throws SQLException {
        List<String> texts = new ArrayList<>();
        rows(sql, row -> texts.add(row.getFirst()), values);
        return texts;
    }

    String text(String sql, String... values) throws SQLException {
        return texts(sql, values).getFirst();
    }

    private List<String> row(String sql, String... values) throws SQLException {
        List<List<String>> all = new ArrayList<>();
        rows(sql, all::add, values);
        return all.getFirst();
    }

    void rows(String sql, Consumer<List<String>> to, String... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    List<String> columns = new ArrayList<>();
                    for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                        columns.add(found.getString(i));
                    }
                    to.accept(columns);
                }
            }
        }
    }

    BackupFault fault(SQLException e, String what, FailureReason otherwise) {
        return Faults.of(e, what, otherwise);
    }

    Access access() {
        return access;
    }

    Limits limits() {
        return limits;
    }

    /// Quoted, so that it is a name whatever is in it.
    static String name(String plain) {
        return '`' + plain.replace("`", "``") + '`';
    }

    private static String lock(UUID backup) {
        return "slipway-backup-" + backup;
    }

    /// From another thread: whatever it waits for.
    void abort() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException _) {
            // The server ends the session when the socket is gone.
        }
    }

    /// Ends the statement that runs, on the server too: it would go on there without anybody who waits for it.
    private void breakOff() {
        try {
            connection.cancelCurrentQuery();
        } catch (SQLException _) {
            abort();
        }
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
