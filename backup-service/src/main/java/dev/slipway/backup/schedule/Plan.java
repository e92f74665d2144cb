package dev.slipway.backup.schedule;

import static java.util.Objects.requireNonNull;

import dev.slipway.backup.ledger.ProofKind;
import java.time.Duration;

/// What somebody wants to happen again and again: the part of a schedule that a manifest or a caller writes.
///
/// @param name unique among the schedules of a database
/// @param grace for how long after its time a run is caught up, when the service was away; later it is missed
/// @param proof of the backups it takes
public record Plan(String name, Task task, Timetable timetable, Duration grace, ProofKind proof) {
    /// Half a day: a nightly backup is caught up in the morning, not beside the next one.
    public static final Duration USUAL_GRACE = Duration.ofHours(12);

    public Plan {
        requireNonNull(name, "name");
        requireNonNull(task, "task");
        requireNonNull(timetable, "timetable");
        requireNonNull(proof, "proof");
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace must not be negative: " + grace);
        }
    }
}
