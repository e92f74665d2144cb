package dev.slipway.backup.postgres;

import dev.slipway.backup.engine.Answer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.Parser;

/// Asks a question that somebody wrote into a manifest: one statement, in a transaction that can only read, with little
/// time, and with no more rights than reading where the role has more.
final class Question {
    /// Nobody can log in as it, and it may do nothing but read.
    private static final String READER = "pg_read_all_data";

    private Question() {}

    /// @return null when the answer is one row with one `true`; else what it was instead
    static @Nullable String ask(Connection connection, String sql, Duration limit) {
        try {
            // What the driver would take for several statements could end the transaction and begin another one.
            if (Parser.parseJdbcSql(sql, true, false, true, false, false).size() != 1) {
                return "it must be one statement";
            }
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET LOCAL statement_timeout = " + Math.max(1, limit.toMillis()));
                statement.execute("SET LOCAL search_path = public, pg_catalog");
                becomeReader(connection, statement);
                try (ResultSet rows = statement.executeQuery(sql)) {
                    return Answer.fault(rows, Boolean.TRUE::equals);
                }
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            return Answer.shortened(String.valueOf(e.getMessage()));
        }
    }

    /// A role that may not become the reader has few rights anyway: it is no superuser and no member.
    private static void becomeReader(Connection connection, Statement statement) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            statement.execute("SET LOCAL ROLE " + READER);
        } catch (SQLException _) {
            connection.rollback(before);
        }
    }
}
