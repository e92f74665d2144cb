package dev.slipway.backup.drill;

import dev.slipway.backup.ledger.DatabaseKey;
import dev.slipway.backup.proof.DrillReport;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One drill, from when it was asked for.
///
/// @param by a person, a schedule, or `backup` when it is part of a backup's own proof
/// @param attempt how often it was taken up
/// @param report null until it is over
public record Drill(
        UUID id,
        UUID backup,
        DatabaseKey database,
        String by,
        Instant requestedAt,
        State state,
        int attempt,
        @Nullable DrillReport report) {

    /// Where it stands.
    public enum State {
        WAITING,
        RUNNING,
        PASSED,
        FAILED;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    boolean isOver() {
        return switch (state) {
            case WAITING, RUNNING -> false;
            case PASSED, FAILED -> true;
        };
    }
}
