package dev.slipway.monitor.watch;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A [WatchState] as its columns.
record StoredState(
        String phase,
        @Nullable Instant at,
        String reason,
        @Nullable UUID incident) {

    static StoredState of(WatchState state) {
        return switch (state) {
            case WatchState.Watching(String reason) -> new StoredState("watching", null, reason, null);
            case WatchState.Held(Instant at, String reason) -> new StoredState("held", at, reason, null);
            case WatchState.Passed(Instant at, String reason) -> new StoredState("passed", at, reason, null);
            case WatchState.CalledBack(Instant at, String reason, UUID incident) ->
                new StoredState("calledBack", at, reason, incident);
            case WatchState.Finished(Instant at, String reason) -> new StoredState("finished", at, reason, null);
            case WatchState.Ended(Instant at, String reason) -> new StoredState("ended", at, reason, null);
        };
    }

    static WatchState read(ResultSet rs) throws SQLException {
        String phase = rs.getString("phase");
        String reason = rs.getString("reason");
        if (phase.equals("watching")) {
            return new WatchState.Watching(reason);
        }
        Instant at = rs.getTimestamp("phase_at").toInstant();
        return switch (phase) {
            case "held" -> new WatchState.Held(at, reason);
            case "passed" -> new WatchState.Passed(at, reason);
            case "calledBack" -> new WatchState.CalledBack(at, reason, rs.getObject("incident", UUID.class));
            case "finished" -> new WatchState.Finished(at, reason);
            case "ended" -> new WatchState.Ended(at, reason);
            default -> throw new IllegalStateException("a stored watch has the phase " + phase);
        };
    }
}
