package dev.slipway.backup.proof;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.backup.engine.Composition;
import dev.slipway.backup.ledger.FailureReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What became of one restore of one backup into a scratch database.
///
/// @param reason why it failed; null when it passed
/// @param phases in their order; of one that failed the one it failed in is the last before `drop`
/// @param recovery until all data was back: what restoring this database takes on this server
/// @param tables of the backup, and `rows` of all of them: equal in the restored database when it passed
/// @param objects kinds of objects and sequences that were compared
/// @param counts of rows, table by table: those that differ first, then the largest, [#MOST_TOLD] at most
/// @param composition of the rest, likewise
/// @param checks the user's own, as far as they came
/// @param leftBehind why the scratch database could not be dropped; the next drill there drops it
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DrillReport(
        UUID backup,
        Instant snapshotAt,
        Instant startedAt,
        Instant endedAt,
        @Nullable FailureReason reason,
        @Nullable String message,
        List<Phase> phases,
        @Nullable Duration recovery,
        int tables,
        long rows,
        int objects,
        List<Counted> counts,
        List<Composition.Compared> composition,
        List<Checked> checks,
        @Nullable String leftBehind) {
    /// How many lines of one kind a report has: ten thousand tables make no page.
    public static final int MOST_TOLD = 500;

    public DrillReport {
        phases = List.copyOf(phases);
        counts = List.copyOf(counts);
        composition = List.copyOf(composition);
        checks = List.copyOf(checks);
    }

    /// One that could not begin.
    public static DrillReport notBegun(
            UUID backup, Instant snapshotAt, FailureReason reason, String message, Instant now) {
        return new DrillReport(
                backup,
                snapshotAt,
                now,
                now,
                reason,
                message,
                List.of(),
                null,
                0,
                0,
                0,
                List.of(),
                List.of(),
                List.of(),
                null);
    }

    public boolean passed() {
        return reason == null;
    }

    /// Without its long lists.
    public DrillReport summary() {
        return new DrillReport(
                backup,
                snapshotAt,
                startedAt,
                endedAt,
                reason,
                message,
                phases,
                recovery,
                tables,
                rows,
                objects,
                List.of(),
                List.of(),
                checks,
                leftBehind);
    }

    /// @param name `create`, `restore`, `compare`, `check` or `drop`
    public record Phase(String name, Duration took) {}

    /// @param expected rows in the snapshot; @param restored rows; null where there is no such table
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Counted(
            String table, @Nullable Long expected, @Nullable Long restored) {
        public boolean differs() {
            return expected == null || !expected.equals(restored);
        }
    }

    /// @param fault why it is not true; null when it is
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Checked(
            String name, Duration took, @Nullable String fault) {}
}
