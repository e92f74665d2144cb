package dev.slipway.web;

import java.sql.SQLException;

/// Tells a database that cannot be reached from one that was asked something wrong.
final class DatabaseGone {
    private DatabaseGone() {}

    static boolean isBehind(Throwable trouble) {
        for (Throwable cause = trouble; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && isConnection(sql)) {
                return true;
            }
        }
        return false;
    }

    /// SQLSTATE class 08 is the connection, 57P0x a server that goes down or comes up; FATAL is what PostgreSQL says
    /// when it lets nobody in. The pool that waited for a connection in vain gives no state.
    private static boolean isConnection(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        String message = String.valueOf(e.getMessage());
        return state.startsWith("08")
                || state.startsWith("57P0")
                || message.startsWith("FATAL:")
                || message.contains("cquisition timeout");
    }
}
