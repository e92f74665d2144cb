package dev.slipway.backup.postgres;

import dev.slipway.backup.engine.Limits;
import dev.slipway.backup.ledger.BackupFault;
import dev.slipway.backup.ledger.FailureReason;
import dev.slipway.backup.program.ClientProcess;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What the endings of the client programs mean. They tell more in their last words than in their exit code.
final class Endings {
    private static final int LONGEST_MESSAGE = 400;

    /// From this version on the programs set `transaction_timeout` before they restore.
    private static final int SETS_TRANSACTION_TIMEOUT = 17;

    private static final String UNKNOWN_SETTING = "unrecognized configuration parameter \"transaction_timeout\"";

    private static final Pattern NO_SUCH_DATABASE = Pattern.compile("FATAL: +database \".*\" does not exist");

    private Endings() {}

    /// @param otherwise the reason when the program's words tell no better one
    static BackupFault fault(ClientProcess.Ending ending, String what, FailureReason otherwise, Limits limits) {
        if (ending.late()) {
            return new BackupFault(
                    FailureReason.TIME_LIMIT, "%s: not done within %s, ended".formatted(what, limits.total()));
        }
        String said = lastWords(ending);
        return new BackupFault(
                reason(ending.errors(), otherwise), "%s: exit code %d: %s".formatted(what, ending.exitCode(), said));
    }

    private static FailureReason reason(String errors, FailureReason otherwise) {
        if (errors.contains("password authentication failed")
                || errors.contains("no password supplied")
                || errors.contains("no pg_hba.conf entry")
                || errors.contains("permission denied")) {
            return FailureReason.ACCESS_DENIED;
        }
        if (errors.contains("server version mismatch")) {
            return FailureReason.CLIENT_MISSING;
        }
        // pg_dump waits for locks under a statement timeout and says so.
        if (errors.contains("LOCK TABLE") && errors.contains("timeout")) {
            return FailureReason.LOCK_TIMEOUT;
        }
        if (NO_SUCH_DATABASE.matcher(errors).find()) {
            return FailureReason.UNKNOWN_DATABASE;
        }
        if (errors.contains("could not connect")
                || (errors.contains("connection to server") && errors.contains("failed"))) {
            return FailureReason.SERVER_UNREACHABLE;
        }
        return otherwise;
    }

    /// Whether the programs of `clientMajor` begin with a setting that a server of `serverMajor` does not know.
    static boolean setsWhatServerLacks(int clientMajor, int serverMajor) {
        return clientMajor >= SETS_TRANSACTION_TIMEOUT && serverMajor < SETS_TRANSACTION_TIMEOUT;
    }

    /// Whether that setting is all a restore complained about. Anything else, or words that were cut, is a
    /// failure.
    static boolean onlyThatSettingFailed(ClientProcess.Ending ending) {
        List<String> errors = errorLines(ending);
        return ending.exitCode() == 1
                && !ending.late()
                && !ending.cut()
                && !errors.isEmpty()
                && errors.stream().allMatch(line -> line.contains(UNKNOWN_SETTING));
    }

    private static List<String> errorLines(ClientProcess.Ending ending) {
        return ending.errors().lines().filter(line -> line.contains("error: ")).toList();
    }

    private static String lastWords(ClientProcess.Ending ending) {
        List<String> errors = ending.errors()
                .lines()
                .filter(line -> line.contains("error: ") || line.startsWith("HINT:"))
                .toList();
        String said = (errors.isEmpty() ? ending.errors().lines().toList() : errors)
                .reversed().stream().limit(2).collect(Collectors.joining("; ")).strip();
        if (said.isEmpty()) {
            return "it said nothing";
        }
        return said.length() <= LONGEST_MESSAGE ? said : said.substring(0, LONGEST_MESSAGE) + " …";
    }
}
