package dev.slipway.backup.mariadb;

import dev.slipway.backup.engine.Job;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The accounts of a server and what they may do, without what they identify themselves with.
final class Accounts {
    private static final Pattern IDENTIFIED = Pattern.compile(" IDENTIFIED .*?(?= REQUIRE | WITH GRANT OPTION|$)");

    private Accounts() {}

    /// @return SQL
    /// @throws BackupFault `access-denied` when this account may not see the others
    static byte[] of(Job job) throws BackupFault {
        StringBuilder sql = new StringBuilder();
        try (MariadbSession session = MariadbSession.openServer(job.source(), job.limits())) {
            List<String> accounts = new ArrayList<>();
            session.rows(
                    "SELECT user, host FROM mysql.user WHERE host <> '' ORDER BY user, host",
                    account -> accounts.add(literal(account.get(0)) + "@" + literal(account.get(1))));
            for (String account : accounts) {
                sql.append("CREATE USER IF NOT EXISTS ").append(account).append(";\n");
                for (String grant : session.texts("SHOW GRANTS FOR " + account)) {
                    sql.append(IDENTIFIED.matcher(grant).replaceFirst("")).append(";\n");
                }
            }
        } catch (SQLException e) {
            throw Faults.of(e, "reading the accounts of " + job.source(), FailureReason.DUMP_FAILED);
        }
        return sql.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String literal(String plain) {
        return "'" + plain.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
