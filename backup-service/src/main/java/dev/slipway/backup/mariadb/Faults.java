package dev.slipway.backup.mariadb;

import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.program.ClientProcess;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What the refusals of a server mean, told to the session or to a client program: both name the server's number.
final class Faults {
    private static final int LONGEST_MESSAGE = 400;
    private static final Pattern NUMBER = Pattern.compile("(?:[Ee]rror:? |ERROR |\\()(\\d{4})\\b");

    private Faults() {}

    /// @param what was tried
    /// @param otherwise the reason when the server's number tells no better one
    static BackupFault of(SQLException e, String what, FailureReason otherwise) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        FailureReason reason = reason(e.getErrorCode(), otherwise);
        if (reason == otherwise && state.startsWith("08")) {
            reason = FailureReason.SERVER_UNREACHABLE;
        }
        if (reason == otherwise && state.equals("28000")) {
            reason = FailureReason.ACCESS_DENIED;
        }
        return new BackupFault(reason, "%s: %s".formatted(what, shortened(firstLine(e))), e);
    }

    static BackupFault of(ClientProcess.Ending ending, String what, FailureReason otherwise, Limits limits) {
        if (ending.late()) {
            return new BackupFault(
                    FailureReason.TIME_LIMIT, "%s: not done within %s, ended".formatted(what, limits.total()));
        }
        String said = ending.errors().lines().toList().reversed().stream()
                .filter(line -> !line.isBlank() && !line.startsWith("-----"))
                .limit(2)
                .collect(Collectors.joining("; "))
                .strip();
        Matcher number = NUMBER.matcher(said);
        FailureReason reason = number.find() ? reason(Integer.parseInt(number.group(1)), otherwise) : otherwise;
        return new BackupFault(
                reason,
                "%s: exit code %d: %s"
                        .formatted(what, ending.exitCode(), said.isEmpty() ? "it said nothing" : shortened(said)));
    }

    private static FailureReason reason(int number, FailureReason otherwise) {
        return switch (number) {
            // Access denied: to the server, a database, a table, a column, a routine, for want of a global right;
            // routines
            // and triggers that a server with a binary log lets nobody else make.
            case 1044, 1045, 1142, 1143, 1227, 1370, 1418, 1419, 1698 -> FailureReason.ACCESS_DENIED;
            case 1049 -> FailureReason.UNKNOWN_DATABASE;
            case 1205 -> FailureReason.LOCK_TIMEOUT;
            case 1969, 3024 -> FailureReason.TIME_LIMIT;
            case 1040, 1053, 2002, 2003, 2005 -> FailureReason.SERVER_UNREACHABLE;
            default -> otherwise;
        };
    }

    private static String firstLine(SQLException e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        return message.lines().findFirst().orElse("").strip();
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_MESSAGE ? text : text.substring(0, LONGEST_MESSAGE) + " …";
    }
}
