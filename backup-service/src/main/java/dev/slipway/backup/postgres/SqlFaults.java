package dev.slipway.backup.postgres;

import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import java.sql.SQLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// What the server's refusals mean for a backup.
final class SqlFaults {
    private SqlFaults() {}

    /// @param what was tried, `counting the rows of shop_production on …`
    /// @param otherwise the reason when the server's code tells no better one
    static BackupFault of(SQLException e, String what, FailureReason otherwise) {
        return new BackupFault(reason(e, otherwise), what + ": " + firstLine(e) + hint(e), e);
    }

    private static FailureReason reason(SQLException e, FailureReason otherwise) {
        String code = e.getSQLState() == null ? "" : e.getSQLState();
        return switch (code) {
            // invalid_authorization_specification, invalid_password, insufficient_privilege
            case "28000", "28P01", "42501" -> FailureReason.ACCESS_DENIED;
            case "55P03" -> FailureReason.LOCK_TIMEOUT; // lock_not_available
            case "3D000" -> FailureReason.UNKNOWN_DATABASE; // invalid_catalog_name
            case "57014" -> FailureReason.TIME_LIMIT; // query_canceled: the statement timeout
            case "57P01", "57P02", "57P03" -> FailureReason.SERVER_UNREACHABLE; // shutting down, starting up
            default -> code.startsWith("08") ? FailureReason.SERVER_UNREACHABLE : otherwise;
        };
    }

    /// What the server advises, such as which of its settings is too small.
    private static String hint(SQLException e) {
        ServerErrorMessage said = e instanceof PSQLException server ? server.getServerErrorMessage() : null;
        return said == null || said.getHint() == null ? "" : " (" + said.getHint() + ")";
    }

    private static String firstLine(SQLException e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        return message.lines().findFirst().orElse("").strip();
    }
}
