package dev.slipway.backup.mariadb;

import dev.slipway.backup.engine.Answer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.Connection;

/// Asks a question that somebody wrote into a manifest: one query, in a transaction that can only read, with little
/// time.
final class Question {
    private static final Pattern QUERY = Pattern.compile("[\\s(]*(?:SELECT|WITH)\\b", Pattern.CASE_INSENSITIVE);

    private Question() {}

    /// @return null when the answer is one row with one `true`; else what it was instead
    static @Nullable String ask(MariadbSession session, Connection connection, String sql, Duration limit) {
        if (!QUERY.matcher(sql).lookingAt()) {
            return "it must be a query: SELECT … or WITH …";
        }
        try {
            session.execute(
                    session.isMariadb()
                            ? "SET SESSION max_statement_time = " + Math.max(1, limit.toMillis()) / 1e3
                            : "SET SESSION max_execution_time = " + Math.max(1, limit.toMillis()));
            session.execute("START TRANSACTION READ ONLY");
            try (Statement statement = connection.createStatement();
                    ResultSet found = statement.executeQuery(sql)) {
                return Answer.fault(found, Question::isTrue);
            } finally {
                session.execute("ROLLBACK");
            }
        } catch (SQLException e) {
            return Answer.shortened(String.valueOf(e.getMessage()));
        }
    }

    /// Their `true` is the number 1.
    private static boolean isTrue(Object answer) {
        return Boolean.TRUE.equals(answer) || (answer instanceof Number number && number.doubleValue() == 1);
    }
}
